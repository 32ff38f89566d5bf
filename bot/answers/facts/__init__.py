"""Questions about projects, the survey and the polls here, answered from their data by field, exactly."""

from bot.answers.facts.answering import answer, question, topic
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.polls import PollFacts, polls_here
from bot.answers.facts.present import asks_present_price
from bot.answers.facts.question import Question
from bot.answers.facts.reading import read, reading_of

__all__ = [
    "PollFacts",
    "Question",
    "Reading",
    "Shape",
    "answer",
    "asks_present_price",
    "polls_here",
    "question",
    "read",
    "reading_of",
    "topic",
]
