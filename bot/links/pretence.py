"""Whose address a foreign address pretends to be: in its host, before its host, or behind it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.links.address import Address
from bot.links.imitation import BEARS, MIN_INNER_CHARS, Imitation, Name, imitation_in
from bot.links.likeness import shown
from bot.links.marks import MIN_NAME_CHARS, Mark, Strength
from bot.links.words import ACCOUNT_HOSTS, RECORDS, SITE_HOSTS

MAX_LABELS = 12
# The ending that a name may have in front of a foreign domain when no source says which one is right.
_ENDINGS = (
    "com",
    "org",
    "net",
    "io",
    "xyz",
    "foundation",
    "network",
    "finance",
    "app",
    "fi",
    "exchange",
    "ai",
    "gg",
    "co",
)
# Before the name of an account: t.me/s/name, reddit.com/r/name.
_ROOMS = frozenset(
    {"s", "c", "r", "u", "user", "users", "channel", "in", "company", "groups", "invite", "i", "view", "p"}
)


def is_site_host(address: Address) -> bool:
    """Say whether anybody opens a site there under a name of their choice."""
    return address.hosted or any(domain in SITE_HOSTS for domain in address.parents)


def is_account_host(address: Address) -> bool:
    """Say whether anybody opens an account there under a name of their choice."""
    return address.host.removeprefix("www.") in ACCOUNT_HOSTS


def pretence_in(address: Address, marks: Sequence[Mark]) -> Imitation | None:
    """Return what a foreign address imitates; None when there is nothing to see."""
    found = [*_in_host(address, marks), *_around_host(address, marks)]
    return next((each for each in found if each.sure), found[0] if found else None)


def _in_host(address: Address, marks: Sequence[Mark]) -> Iterator[Imitation]:
    if found := _whole_domain(address, marks) or _dotted(address, marks):
        yield found
    names = list(_names(address))
    for name in names:
        if (found := imitation_in(name, marks)) is None:
            continue
        if not found.sure and any(other.bait() for other in names if other is not name):
            found = replace(found, how="It puts bait beside {name}.", sure=True)
        yield found


def _names(address: Address) -> Iterator[Name]:
    """Give the labels of a host, the registered one first, then from the right, and the names of pages."""
    if address.label and not address.is_number and not _is_platform(address):
        yield Name.of(shown(address.label), address.suffix)
    for label in reversed(address.subdomain.split(".")[-MAX_LABELS:]):
        if label not in ("", "www"):
            yield Name.of(shown(label))
    segments = [part for part in address.path.split("/") if part and part not in _ROOMS]
    if is_site_host(address):
        yield from map(Name.of, segments[:3])


def _is_platform(address: Address) -> bool:
    return is_account_host(address) or (not address.hosted and is_site_host(address))


def _whole_domain(address: Address, marks: Sequence[Mark]) -> Imitation | None:
    """Find starknet.io.example.com: an official domain, or a name with an ending, in front of what counts."""
    if domain := _domain_in(address.subdomain, marks):
        return Imitation(domain[0], f"It puts {domain[1]} in front of the domain that counts.")
    return None


def _domain_in(labels_as_written: str, marks: Sequence[Mark]) -> tuple[Mark, str] | None:
    """Return a project's name with an ending behind it, when both stand in a row of labels."""
    labels = shown(labels_as_written).split(".")
    for mark in marks:
        if mark.text not in labels or len(mark.text) < MIN_NAME_CHARS:
            continue
        behind = ".".join(labels[labels.index(mark.text) + 1 :])
        endings = (*sorted(mark.suffixes), *_ENDINGS)
        if ending := next((ending for ending in endings if f"{behind}.".startswith(f"{ending}.")), None):
            return mark, f"{mark.text}.{ending}"
    return None


def _dotted(address: Address, marks: Sequence[Mark]) -> Imitation | None:
    """Find star.knet.io: the name, with dots in it."""
    if not address.is_name or address.hosted:
        return None
    parts = [part for part in (*address.subdomain.split("."), address.label) if part not in ("", "www")]
    joined, ended = "".join(parts), address.label + address.suffix.split(".")[0]
    for mark in marks:
        if mark.strength is not Strength.OWN:
            break
        inside = len(mark.text) >= MIN_INNER_CHARS and mark.text in joined
        split = (len(parts) > 1 and (inside or joined == mark.text)) or ended == mark.text
        if split and not any(mark.text in part for part in parts):
            return Imitation(mark, "It writes {name} with dots in it.")
    return None


def _around_host(address: Address, marks: Sequence[Mark]) -> Iterator[Imitation]:
    own = [mark for mark in marks if mark.strength is Strength.OWN]
    if address.user:
        said = _domain_in(re.split(r"[^\w.-]", address.user)[0], marks)
        if named := said[0] if said else next((mark for mark in own if mark.text in address.user), None):
            yield Imitation(named, "It puts {name} before an @: what counts stands behind it.")
    if is_account_host(address):
        yield from _in_account(address, marks)
    behind = address.path + address.query
    if address.host.removeprefix("www.") not in RECORDS:
        homes = [(f"{home.text}.{suffix}", home) for home in own for suffix in sorted(home.suffixes)]
        for domain, mark in homes:
            if domain in behind and re.search(rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.\w)", behind):
                yield Imitation(mark, f"It writes {domain} behind the domain that counts.")


def _in_account(address: Address, marks: Sequence[Mark]) -> Iterator[Imitation]:
    segments = [part for part in address.path.split("/") if part and part not in _ROOMS]
    if not segments:
        return
    name = Name.of(segments[0])
    found = imitation_in(name, marks)
    if found and found.mark.strength > Strength.WORD:
        # An account may well be the project's own, or a friend's, unless it baits.
        yield found if name.bait(found.mark.text) else replace(found, how=BEARS, sure=False)
    elif found:
        yield found
