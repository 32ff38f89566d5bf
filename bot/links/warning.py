"""What makes an address suspicious although it imitates nobody that the catalogue knows."""

import unicodedata
from collections.abc import Iterator

from bot.links.address import Address
from bot.links.imitation import Name
from bot.links.likeness import shown
from bot.links.pretence import is_site_host
from bot.links.words import QUIET_LURES, SECRETS_ASKED, SHORTENERS


def warnings_of(address: Address) -> Iterator[str]:
    """Give a sentence for each reason to be careful, the weightiest first."""
    if address.is_number:
        yield "It leads to a number in place of a name: no project asks you to go there."
    if address.user:
        yield "It has text before an @: only what stands behind it counts."
    if "\\" in address.text:
        yield "It has a backslash, which programs read in different ways."
    if _mixes_alphabets(address):
        yield "Its name mixes letters of several alphabets."
    if address.host.removeprefix("www.") in SHORTENERS:
        yield "It is a short link: it hides where it leads."
    if bait := _bait(address):
        yield f"Its name is bait: “{bait}”."


def _bait(address: Address) -> str:
    labels = shown(f"{address.subdomain}.{address.label}").split(".") if address.is_name else []
    pages = [part for part in address.path.split("/")[:4] if part] if is_site_host(address) else []
    for name in map(Name.of, (*labels, *pages)):
        if words := [word for word in name.bait() if word not in QUIET_LURES]:
            return words[0]
        # One of them is on honest doors; two of them together are on few.
        if len(asked := [token for token in name.tokens if token in SECRETS_ASKED]) > 1:
            return " ".join(asked)
    return ""


def _mixes_alphabets(address: Address) -> bool:
    for label in shown(address.host).split("."):
        alphabets = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
        if "LATIN" in alphabets and alphabets & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC"}:
            return True
    return False
