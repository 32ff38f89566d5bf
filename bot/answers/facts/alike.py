"""Words that say the same of a project: what a question says with one, a fact may say with another."""

from collections.abc import Mapping

from bot.answers.facts.tokens import stem

_GROUPS = """
    vc vcs venture investor investors backer backers
    team contributor contributors
    us usa america american americans united
    exclude excluded banned blocked restricted barred
    cut thrown throw kicked removed sorted purged
    sybil sybils fake cheaters farmers bots
    dismissed fired sacked kicked ousted
    messenger telegram
    send transfer transferable movable
    shut close closed closing end ended ends deadline
    begin began start started open opened
    unlock unlocks vest vesting cliff lock locked
    rest leftover leftovers unclaimed forfeited latecomers laggards
    rebranded renamed called
    maximum max most largest biggest upper cap
    minimum min smallest least
    dev devs developer developers
    suspended delisted halted
    wallet wallets address addresses
"""


def _kin() -> Mapping[str, frozenset[str]]:
    groups = [frozenset(stem(word) for word in line.split()) for line in _GROUPS.strip().split("\n")]
    words = frozenset().union(*groups)
    return {word: frozenset().union(*(group for group in groups if word in group)) for word in words}


_KIN = _kin()


def alike(word: str) -> frozenset[str]:
    """Return the stems that say the same as a stem, itself among them."""
    return _KIN.get(word) or frozenset((word,))
