"""Addresses, read as a browser reads them, and the domain that somebody registered for them."""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

import can_ada
import tldextract

# Longer ones are cut: no browser's address bar shows more, and nobody may keep the bot busy.
MAX_ADDRESS_CHARS = 4_096

# No longer name can be looked up.
MAX_HOST_CHARS = 253

# What runs or carries content itself instead of leading somewhere.
NO_PLACE = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})

_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
# A browser drops these wherever they stand, and what is below U+0021 at both ends.
_DROPPED = re.compile(r"[\t\n\r]")
_ENDS = "".join(map(chr, range(0x21)))
_IPV4 = re.compile(r"\d+(\.\d+){3}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link leads: all lower case, the host in ASCII, path and query decoded."""

    text: str
    scheme: str
    host: str
    label: str  # of the registered domain: starknet in docs.starknet.io
    suffix: str  # under which it is registered: io, co.uk, or of a host for everybody, pages.dev
    subdomain: str
    hosted: bool = False  # the suffix belongs to a service where anybody gets an address
    path: str = ""
    query: str = ""
    user: str = ""

    @property
    def domain(self) -> str:
        """Return the registered domain; for what has none, such as an IP address, the host."""
        return f"{self.label}.{self.suffix}" if self.label and self.suffix else self.host

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the host and every domain above it."""
        labels = self.host.split(".")
        return tuple(".".join(labels[start:]) for start in range(len(labels)))

    @property
    def is_name(self) -> bool:
        """Say whether the host is a name under a public suffix, and no number or name of a local network."""
        return bool(self.suffix)

    @property
    def is_number(self) -> bool:
        """Say whether the host is an IP address."""
        return self.host.startswith("[") or bool(_IPV4.fullmatch(self.host))


@cache
def _suffixes() -> tldextract.TLDExtract:
    # The list that comes with the package: without a network, and the same on every machine.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def read(text: str) -> Address | None:
    """Return where `text`, with or without https://, leads; None when it is no address at all."""
    text = text[:MAX_ADDRESS_CHARS].encode("utf-8", "replace").decode()
    bare = _DROPPED.sub("", text).strip(_ENDS)
    scheme = _scheme_of(bare)
    if scheme in NO_PLACE:
        return Address(text, scheme, host="", label="", suffix="", subdomain="")
    rest = bare[len(scheme) + 1 :] if scheme else bare
    try:
        # Whatever the scheme: hosts are read as those of web pages are.
        url = can_ada.parse("https://" + rest.lstrip("/\\"))
    except ValueError:
        return None
    return _placed(text, scheme or "https", url)


def _scheme_of(bare: str) -> str:
    found = _SCHEME.match(bare)
    if found is None:
        return ""
    scheme, rest = found[1].lower(), bare[found.end() :]
    # name:8080/path has a port and no scheme.
    return scheme if scheme in NO_PLACE or scheme in ("http", "https") or rest.startswith(("//", "\\\\")) else ""


def _placed(text: str, scheme: str, url: can_ada.URL) -> Address | None:
    host = url.hostname.rstrip(".")
    if not 0 < len(host) <= MAX_HOST_CHARS:
        return None
    parts = _suffixes().extract_str(host)
    return Address(
        text,
        scheme,
        host=host,
        label=parts.domain,
        suffix=parts.suffix,
        subdomain=parts.subdomain,
        hosted=parts.is_private,
        path=_decoded(url.pathname),
        query=_decoded(url.search),
        user=_decoded(url.username),
    )


def _decoded(part: str) -> str:
    # Twice, since what stands in an address is often an address itself.
    return unquote(unquote(part)).lower()


def domain_of(official: str) -> str:
    """Return the host of an official domain, which may have a path."""
    return official.partition("/")[0]


def within(host: str, domain: str) -> bool:
    """Say whether `host` is `domain` or below it; what is below a public suffix belongs to somebody else."""
    return host == domain or (host.endswith(f".{domain}") and not _is_suffix(domain))


def _is_suffix(domain: str) -> bool:
    return not _suffixes().extract_str(domain).domain
