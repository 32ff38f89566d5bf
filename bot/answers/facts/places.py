"""Projects that only are where something happens: whoever bridged to Arbitrum asks about bridging."""

from collections.abc import Sequence

from bot.answers.facts.question import Question
from bot.answers.facts.tokens import stem, wordset

_TO = wordset("to from on onto into via through over")
_DOING = frozenset(
    stem(word)
    for word in wordset(
        """
        bridge bridged bridging withdraw withdrawing withdrew withdrawn withdrawal withdrawals send sending sent deposit
        deposited swap swapped transfer transferred transferring move moving moved buy buying bought sell sold
        selling approve approved sign signed connect connected
        """
    )
)
# “Two tokens on Uniswap” are not the project's.
_ANY = wordset("two three a some several another this these same random unknown")
_TOKENS = wordset("token tokens coin coins nft nfts")


def only_a_place(asked: Question) -> bool:
    """Say whether the project that is named is no more than a place in a question about something else."""
    if len(asked.mentions) != 1:
        return False
    start = asked.mentions[0].start
    if not start or asked.words[start - 1] not in _TO:
        return False
    before = asked.words[:start]
    return _speaks_of_other_tokens(before) or (not asked.found and _does_something(before))


def _speaks_of_other_tokens(words: Sequence[str]) -> bool:
    return any(word in _TOKENS and place and words[place - 1] in _ANY for place, word in enumerate(words))


def _does_something(words: Sequence[str]) -> bool:
    return not _DOING.isdisjoint(map(stem, words))
