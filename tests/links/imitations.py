"""The kinds of look-alike, each as the addresses that it makes of an official domain."""

from collections.abc import Callable, Iterator

Kind = Callable[[str, str], Iterator[str]]

_HOMOGLYPHS = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "y": "у", "x": "х", "s": "ѕ", "i": "і", "k": "к"}
_GREEK = {"a": "α", "o": "ο", "v": "ν", "t": "τ", "k": "κ", "p": "ρ", "i": "ι", "n": "η", "y": "γ"}
_ACCENTS = {
    "a": "á",
    "e": "é",
    "o": "ö",
    "n": "ñ",
    "s": "ş",
    "t": "ţ",
    "k": "ķ",
    "y": "ý",
    "i": "ï",
    "q": "q̇",
    "r": "ŕ",
}
_KEYS = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip", "p": "ol",
    "a": "sq", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "ko", "z": "xa",
    "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "nj",
}  # fmt: skip


def _each(name: str, table: dict[str, str]) -> Iterator[str]:
    for place, letter in enumerate(name):
        for other in table.get(letter, ""):
            yield name[:place] + other + name[place + 1 :]


def _first(name: str, table: dict[str, str]) -> Iterator[str]:
    for place, letter in enumerate(name):
        if letter in table:
            yield name[:place] + table[letter] + name[place + 1 :]


def other_ending(name: str, ending: str) -> Iterator[str]:
    for other in (
        "com",
        "io",
        "net",
        "org",
        "xyz",
        "app",
        "claims",
        "finance",
        "co",
        "info",
        "top",
        "network",
        "co.uk",
    ):
        if other != ending:
            yield f"{name}.{other}"


def word_behind(name: str, ending: str) -> Iterator[str]:
    for word in ("claim", "airdrop", "rewards", "drop", "app", "token", "foundation", "portal"):
        yield f"{name}-{word}.{ending}"
        yield f"{name}-{word}.com"


def word_before(name: str, ending: str) -> Iterator[str]:
    for word in ("claim", "airdrop", "get", "my", "join", "official", "app"):
        yield f"{word}-{name}.{ending}"
        yield f"{word}-{name}.xyz"


def word_glued_behind(name: str, ending: str) -> Iterator[str]:
    for word in ("claim", "airdrop", "rewards", "app", "token", "official", "staking"):
        yield f"{name}{word}.{ending}"
        yield f"{name}{word}.org"


def word_glued_before(name: str, ending: str) -> Iterator[str]:
    for word in ("claim", "airdrop", "get", "my", "app", "the", "go"):
        yield f"{word}{name}.{ending}"


def words_on_both_sides(name: str, ending: str) -> Iterator[str]:
    yield f"claim-{name}-airdrop.{ending}"
    yield f"get{name}token.com"
    yield f"official-{name}-2026.com"


def hyphens(name: str, ending: str) -> Iterator[str]:
    for place in range(1, len(name)):
        yield f"{name[:place]}-{name[place:]}.{ending}"


def swapped_letters(name: str, ending: str) -> Iterator[str]:
    for place in range(len(name) - 1):
        if name[place] != name[place + 1]:
            yield name[:place] + name[place + 1] + name[place] + name[place + 2 :] + f".{ending}"


def doubled_letter(name: str, ending: str) -> Iterator[str]:
    for place, letter in enumerate(name):
        yield name[:place] + letter + name[place:] + f".{ending}"


def dropped_letter(name: str, ending: str) -> Iterator[str]:
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :] + f".{ending}"


def inserted_letter(name: str, ending: str) -> Iterator[str]:
    for place in range(len(name) + 1):
        for letter in "aeisx":
            yield name[:place] + letter + name[place:] + f".{ending}"


def neighbouring_key(name: str, ending: str) -> Iterator[str]:
    yield from (f"{other}.{ending}" for other in _each(name, _KEYS))


def other_vowel(name: str, ending: str) -> Iterator[str]:
    vowels = {vowel: "aeiou".replace(vowel, "") for vowel in "aeiou"}
    yield from (f"{other}.{ending}" for other in _each(name, vowels))


def flipped_bit(name: str, ending: str) -> Iterator[str]:
    for place, letter in enumerate(name):
        for bit in range(7):
            other = chr(ord(letter) ^ (1 << bit))
            if other.isascii() and (other.islower() or other.isdigit()):
                yield name[:place] + other + name[place + 1 :] + f".{ending}"


def plural(name: str, ending: str) -> Iterator[str]:
    yield f"{name}s.{ending}"


def pairs_like_letters(name: str, ending: str) -> Iterator[str]:
    for letter, pair in (("m", "rn"), ("w", "vv"), ("d", "cl")):
        if letter in name:
            yield f"{name.replace(letter, pair, 1)}.{ending}"
            yield f"{name.replace(letter, pair, 1)}.com"


def digits_like_letters(name: str, ending: str) -> Iterator[str]:
    table = {"o": "0", "l": "1", "i": "1", "s": "5", "e": "3", "a": "4", "t": "7"}
    for other in _first(name, table):
        yield f"{other}.{ending}"
        yield f"{other}.com"


def i_and_l(name: str, ending: str) -> Iterator[str]:
    yield from (f"{other}.{ending}" for other in _first(name, {"i": "l", "l": "i"}))


def cyrillic(name: str, ending: str) -> Iterator[str]:
    for other in _first(name, _HOMOGLYPHS):
        yield f"{other}.{ending}"
        yield f"https://{other}.com/claim"


def greek(name: str, ending: str) -> Iterator[str]:
    yield from (f"{other}.{ending}" for other in _first(name, _GREEK))


def accents(name: str, ending: str) -> Iterator[str]:
    yield from (f"{other}.{ending}" for other in _first(name, _ACCENTS))


def punycode(name: str, ending: str) -> Iterator[str]:
    for other in _first(name, _HOMOGLYPHS):
        yield f"xn--{other.encode('punycode').decode()}.{ending}"


def wide_letters(name: str, ending: str) -> Iterator[str]:
    # A browser reads these as the plain letters, so the ending makes the difference.
    yield "".join(chr(ord(letter) + 0xFEE0) for letter in name) + ".claims"


def in_front_of_another(name: str, ending: str) -> Iterator[str]:
    yield f"{name}.{ending}.evil.com"
    yield f"https://{name}.{ending}.claim-portal.xyz/login"
    yield f"docs.{name}.{ending}.example-host.net"


def name_in_front(name: str, ending: str) -> Iterator[str]:
    yield f"{name}.evil.com"
    yield f"claim.{name}.web3-gate.xyz"
    yield f"{name}-airdrop.evil.com"


def in_the_path(name: str, ending: str) -> Iterator[str]:
    yield f"https://evil.com/{name}.{ending}"
    yield f"https://evil.com/x/https://{name}.{ending}/claim"


def in_the_query(name: str, ending: str) -> Iterator[str]:
    yield f"https://evil.com/?site={name}.{ending}"
    yield f"https://evil.com/go?u=https%3A%2F%2F{name}.{ending}%2F"


def before_an_at(name: str, ending: str) -> Iterator[str]:
    yield f"https://{name}.{ending}@evil.com"
    yield f"https://{name}.{ending}:443@evil.com/claim"
    yield f"https://{name}.{ending}%2Fclaim@evil.com/"


def backslash(name: str, ending: str) -> Iterator[str]:
    yield f"https://evil.com\\{name}.{ending}"
    yield f"https://{name}.{ending}\\@evil.com"
    yield f"https:\\\\{name}-claim.{ending}"


def port(name: str, ending: str) -> Iterator[str]:
    yield f"{name}-claim.{ending}:8443"
    yield f"https://{name}.app:8080/"


def final_dot(name: str, ending: str) -> Iterator[str]:
    yield f"https://{name}-claim.{ending}./"
    yield f"{name}.claims."


def percent_encoded(name: str, ending: str) -> Iterator[str]:
    yield f"https://%{ord(name[0]):x}{name[1:]}-claim.{ending}"
    yield f"https://{name}%2Eclaims/"


def upper_case(name: str, ending: str) -> Iterator[str]:
    yield f"HTTPS://{name.upper()}-CLAIM.{ending.upper()}"
    yield f"{name.capitalize()}.Claims"


def shared_hosting(name: str, ending: str) -> Iterator[str]:
    for host in ("pages.dev", "vercel.app", "netlify.app", "github.io", "web.app", "webflow.io", "notion.site"):
        yield f"{name}.{host}"
        yield f"{name}-claim.{host}"
    yield f"claim-{name}.herokuapp.com"
    yield f"{name}.gitbook.io"


def pages_of_others(name: str, ending: str) -> Iterator[str]:
    yield f"https://sites.google.com/view/{name}-claim"
    yield f"https://sites.google.com/view/{name}"
    yield f"https://telegra.ph/{name}-airdrop-11-20"
    yield f"https://linktr.ee/{name}_airdrop"


def accounts_of_others(name: str, ending: str) -> Iterator[str]:
    yield f"https://t.me/{name}_claim"
    yield f"https://t.me/{name}airdrop"
    yield f"https://x.com/{name}_airdrop"
    yield f"discord.gg/{name}-claim"


def www_without_a_dot(name: str, ending: str) -> Iterator[str]:
    yield f"www{name}.{ending}"
    yield f"www-{name}.{ending}"


def ending_without_a_dot(name: str, ending: str) -> Iterator[str]:
    yield f"{name}{ending}.com"
    yield f"{name}-{ending}.com"


def dots_in_the_name(name: str, ending: str) -> Iterator[str]:
    for place in range(1, len(name) - 1):
        yield f"{name[:place]}.{name[place:]}.{ending}"


def foreign_bait(name: str, ending: str) -> Iterator[str]:
    for word in ("reclamar", "resgatar", "belohnung", "nagrada", "klaim", "kongtou", "odul"):
        yield f"{name}-{word}.com"
        yield f"{word}{name}.xyz"
    yield f"{name}空投.com"


def slip_and_word(name: str, ending: str) -> Iterator[str]:
    if len(name) >= 7:
        for other in (name[:3] + name[2:], name[:4] + name[5:], name[:2] + name[3] + name[2] + name[4:]):
            yield f"{other}-claim.{ending}"
            yield f"airdrop{other}.com"


def digit_and_word(name: str, ending: str) -> Iterator[str]:
    for other in _first(name, {"o": "0", "e": "3", "a": "4"}):
        yield f"{other}-claim.{ending}"
        yield f"claim{other}.com"


def homoglyph_and_ending(name: str, ending: str) -> Iterator[str]:
    yield from (f"https://{other}.xyz.claims" for other in _first(name, _HOMOGLYPHS))


def homoglyph_in_front(name: str, ending: str) -> Iterator[str]:
    yield from (f"{other}.{ending}.evil.com" for other in _first(name, _HOMOGLYPHS))


def text_that_lies(name: str, ending: str) -> Iterator[str]:
    yield f"[{name}.{ending}](https://evil.com/x)"
    yield f"[https://docs.{name}.{ending}/](<https://evil.com/x>)"


def dead_letters(name: str, ending: str) -> Iterator[str]:
    yield f"hxxps://{name}-claim[.]{ending}"
    yield f"{name}-claim(dot){ending}"
    yield f"hxxp[:]//{name}[.]claims"


def invisible_letters(name: str, ending: str) -> Iterator[str]:
    yield f"{name[:2]}\u200b{name[2:]}-claim.{ending}"
    yield f"https://{name[:3]}\u00ad{name[3:]}.claims"


def two_slips(name: str, ending: str) -> Iterator[str]:
    if len(name) >= 9:
        yield f"{name[1] + name[0] + name[2:-1]}.{ending}"
        yield f"{name[:2] + name[3:] + name[-1]}.{ending}"


KINDS: tuple[Kind, ...] = (
    other_ending, word_behind, word_before, word_glued_behind, word_glued_before, words_on_both_sides, hyphens,
    swapped_letters, doubled_letter, dropped_letter, inserted_letter, neighbouring_key, other_vowel, flipped_bit,
    plural, pairs_like_letters, digits_like_letters, i_and_l, cyrillic, greek, accents, punycode, wide_letters,
    in_front_of_another, name_in_front, in_the_path, in_the_query, before_an_at, backslash, port, final_dot,
    percent_encoded, upper_case, shared_hosting, pages_of_others, accounts_of_others, www_without_a_dot,
    ending_without_a_dot, dots_in_the_name, foreign_bait, slip_and_word, digit_and_word, homoglyph_and_ending,
    homoglyph_in_front, text_that_lies, dead_letters, invisible_letters, two_slips,
)  # fmt: skip
