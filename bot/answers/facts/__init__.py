"""Questions about projects, the survey and the polls here, answered from their data by field, exactly."""

from bot.answers.facts.answering import answer, question, topic
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.polls import PollFacts, polls_here
from bot.answers.facts.present import asks_present_price
from bot.answers.facts.reading import read

__all__ = ["PollFacts", "Reading", "Shape", "answer", "asks_present_price", "polls_here", "question", "read", "topic"]
