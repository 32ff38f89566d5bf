"""Is the present price asked for, and no word more? Questions like it ask for predictions, which are refused."""

from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.tokens import tokenise, wordset

_PLAIN = wordset(
    "what whats is s are the a an one of for in at and me tell show give please how much many does do cost trade "
    "trades trading price prices worth value quote market cap mcap marketcap capitalisation capitalization current "
    "currently present latest live now right today moment token coin usd us dollar dollars"
)


def asks_present_price(reading: Reading) -> bool:
    """Say whether a question names one project, asks what it trades at, and has no word beside."""
    if reading.shape is not Shape.FIELD or reading.field != "price" or len(reading.mentions) != 1 or reading.guessed:
        return False
    (mention,) = reading.mentions
    tokens = tokenise(reading.question)
    return all(token.key in _PLAIN for token in (*tokens[: mention.start], *tokens[mention.end :]))
