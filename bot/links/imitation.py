"""What a name in a host imitates, if anything: the rules for look-alikes of one name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.links.likeness import fold, forms, slips
from bot.links.marks import Mark, Strength
from bot.links.segments import cores_of, loud_lures, lures, words_of
from bot.links.words import GLUED, HINTS, LURING_ENDINGS, NEIGHBOURS

# Shorter names are found inside other words.
MIN_INNER_CHARS = 6
# Below it one slip makes another word, and counts only under the very ending of the official domain.
MIN_SLIP_CHARS = 7
MIN_SAME_ENDING_CHARS = 4
# From here on two slips still make no other word; with the official ending sooner.
TWO_SLIPS_CHARS = 12
TWO_SLIPS_SAME_ENDING_CHARS = 9
# A ticker of two letters has to stand apart.
MIN_GLUED_CHARS = 3

BEARS = "It bears {name}."
OTHER_WORDS = "It puts other words beside {name}."


@dataclass(frozen=True, slots=True)
class Imitation:
    """Whose name it is, and how it is used; not `sure` when it may be the project's own doing."""

    mark: Mark
    how: str
    sure: bool = True

    @property
    def reason(self) -> str:
        """Return it as a sentence that names the project."""
        return self.how.format(name=f"the name of {self.mark.project}")


@dataclass(frozen=True, slots=True)
class Name:
    """One label of a host, taken apart."""

    suffix: str
    tokens: tuple[str, ...]
    whole: str
    cores: frozenset[str]
    # What the cores look like, in the order of `forms`.
    looks: tuple[frozenset[str], ...]
    foreign: bool

    @classmethod
    def of(cls, label: str, suffix: str = "") -> "Name":
        """Take a label apart as it is shown to the eye; `suffix` stands behind it."""
        tokens = tuple(re.findall(r"[^\W_]+", fold(label)))[:16]
        whole = "".join(tokens)
        # Each way to read a name in it: all of it, neighbours together, each without known words around.
        starts = range(len(tokens))
        spans = {whole} | {"".join(tokens[start : start + count]) for start in starts for count in (1, 2, 3)}
        cores = spans | cores_of(whole) | {core for token in tokens for core in cores_of(token)}
        looks = tuple(frozenset(look) for look in zip(*map(forms, cores), strict=True))
        return cls(suffix, tokens, whole, frozenset(cores), looks, not label.isascii())

    def beside(self, text: str) -> list[str]:
        """Return what is left when a name is taken out, once."""
        if text in self.tokens:
            spare = list(self.tokens)
            spare.remove(text)
            return spare
        return [part for part in self.whole.partition(text)[::2] if part]

    def bait(self, text: str = "") -> list[str]:
        """Return the words of bait in it, beside `text` when there is such a name."""
        parts = self.beside(text) if text else [*self.tokens, self.whole]
        found = [lures()[word] for part in parts for word in (words_of(part) or (part,)) if word in lures()]
        loud = [spelled for word, spelled in loud_lures().items() if any(word in part for part in parts)]
        ending = [self.suffix] if self.suffix in LURING_ENDINGS else []
        return list(dict.fromkeys(found + loud + ending))

    def pull(self, text: str) -> list[str]:
        """Return the words beside `text` that a project's own domain seldom has: app, bonus, official."""
        return [word for part in self.beside(text) for word in (words_of(part) or (part,)) if word in HINTS | GLUED]


def imitation_in(name: Name, marks: Sequence[Mark]) -> Imitation | None:
    """Return what a name imitates, by the strongest mark; one that is not sure only for want of another."""
    unsure = None
    # The name as it is says more than a shorter one in it: ParaSwap is no Para with a swap.
    own = [mark for mark in marks if mark.strength is Strength.OWN]
    same = [mark for mark in marks if mark.text == name.whole and not name.foreign]
    for mark in own + same if same else marks:
        if found := _RULES[mark.strength](name, mark):
            if found.sure:
                return found
            unsure = unsure or found
    return unsure


def _of_own(name: Name, mark: Mark) -> Imitation | None:
    if name.whole == mark.text and not name.foreign:
        return Imitation(mark, "It bears {name}, but with another ending or other hyphens.")
    if _stands_in(name, mark) and not name.foreign:
        return None if _is_neighbour(name, mark) else Imitation(mark, OTHER_WORDS)
    return _disguise(name, mark) or _slip(name, mark)


def _of_name(name: Name, mark: Mark) -> Imitation | None:
    if found := _disguise(name, mark):
        return found
    if not _stands_in(name, mark):
        return _slip(name, mark)
    if _is_neighbour(name, mark):
        return None
    if pull := name.bait(mark.text) or name.pull(mark.text):
        return Imitation(mark, _beside(pull))
    known = all(words_of(part) is not None for part in name.beside(mark.text))
    return Imitation(mark, BEARS if known else OTHER_WORDS, sure=False)


def _of_word(name: Name, mark: Mark) -> Imitation | None:
    """Look for an everyday word or a ticker; all the rest has to be known words, with bait among them."""
    apart = mark.text in name.tokens
    if name.whole == mark.text or mark.text not in name.whole or not (apart or len(mark.text) >= MIN_GLUED_CHARS):
        return None
    if any(words_of(part) is None for part in name.beside(mark.text)):
        return None
    bait = name.bait(mark.text)
    return Imitation(mark, _beside(bait)) if bait else None


_RULES = {Strength.OWN: _of_own, Strength.NAME: _of_name, Strength.WORD: _of_word}


def _disguise(name: Name, mark: Mark) -> Imitation | None:
    alphabet = "It writes {name} with letters of another alphabet, or with accents."
    alike = "It writes {name} with letters or digits that look alike."
    if name.foreign and _stands_in(name, mark):
        return Imitation(mark, alphabet)
    if mark.text not in name.cores and any(map(frozenset.__contains__, name.looks, forms(mark.text))):
        return Imitation(mark, alphabet if name.foreign else alike)
    if len(mark.text) >= MIN_INNER_CHARS and mark.text not in name.whole:
        pairs = zip(forms(name.whole), forms(mark.text), strict=True)
        if any(theirs in mine for mine, theirs in pairs):
            return Imitation(mark, alike)
    return None


def _stands_in(name: Name, mark: Mark) -> bool:
    if len(mark.text) >= MIN_INNER_CHARS or mark.text in name.tokens:
        return mark.text in name.whole
    return mark.text in name.whole and all(words_of(part) is not None for part in name.beside(mark.text))


def _is_neighbour(name: Name, mark: Mark) -> bool:
    return any(mark.text in other and token.startswith(other) for other in NEIGHBOURS for token in name.tokens)


def _slip(name: Name, mark: Mark) -> Imitation | None:
    """Find the name mistyped: one letter, or two in a long name."""
    same_ending, length = name.suffix in mark.suffixes, len(mark.text)
    if len(mark.stem or mark.text) >= MIN_SLIP_CHARS:
        cores: Iterable[str] = name.cores
    else:
        cores = [name.whole] if same_ending and length >= MIN_SAME_ENDING_CHARS else []
    most = 2 if length >= (TWO_SLIPS_SAME_ENDING_CHARS if same_ending else TWO_SLIPS_CHARS) else 1
    for core in sorted(cores):
        if abs(len(core) - length) > most or slips(core, mark.text, most) > most:
            continue
        if same_ending or name.bait(core) or (core not in NEIGHBOURS and _keeps_its_ends(core, mark)):
            return Imitation(mark, "It is spelled almost like {name}.")
    return None


def _keeps_its_ends(core: str, mark: Mark) -> bool:
    """Say whether a mistyped name begins and ends as the name does; where a home is known, it need not."""
    if mark.strength is Strength.OWN or core in (mark.text + "s", mark.text + mark.text[-1]):
        return True
    return core[0] == mark.text[0] and core[-1] == mark.text[-1]


def _beside(bait: Sequence[str]) -> str:
    return f"It puts {' and '.join(f'“{word}”' for word in bait[:2])} beside {{name}}."
