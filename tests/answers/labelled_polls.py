"""The votes of the servers that the labelled questions are asked in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.answers.facts.polls import PollFacts
from bot.polls.model import PollState
from bot.rankings.model import Entry, ranked
from tests.answers.labelled_set import PollsHere

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

_OPEN = PollFacts(
    id=1,
    title="Which airdrop next?",
    state=PollState.OPEN,
    method="single",
    ballots=12,
    opens_at=NOW - timedelta(days=2),
    closes_at=datetime(2026, 11, 24, 18, tzinfo=UTC),
    closed_at=None,
    as_of=NOW,
    standings=ranked(
        [
            Entry("LayerZero", 6, project_id="layerzero"),
            Entry("Starknet", 4, project_id="starknet"),
            Entry("Dymension", 2, project_id="dymension"),
        ]
    ),
)
_HIDDEN = PollFacts(
    id=1,
    title="Which airdrop next?",
    state=PollState.OPEN,
    method="single",
    ballots=12,
    opens_at=_OPEN.opens_at,
    closes_at=_OPEN.closes_at,
    closed_at=None,
    as_of=NOW,
    hidden="Results are shown when the poll has closed.",
)
_CLOSED = PollFacts(
    id=2,
    title="Best layer 2",
    state=PollState.CLOSED,
    method="single",
    ballots=20,
    opens_at=datetime(2026, 11, 3, tzinfo=UTC),
    closes_at=datetime(2026, 11, 10, tzinfo=UTC),
    closed_at=datetime(2026, 11, 10, tzinfo=UTC),
    as_of=datetime(2026, 11, 10, tzinfo=UTC),
    standings=ranked(
        [
            Entry("Arbitrum", 12, project_id="arbitrum"),
            Entry("ZKsync", 5, project_id="zksync"),
            Entry("Scroll", 3, project_id="scroll"),
        ]
    ),
)

POLLS: Mapping[PollsHere, tuple[PollFacts, ...]] = {
    "none": (),
    "live": (_OPEN,),
    "hidden": (_HIDDEN,),
    "closed": (_CLOSED,),
}
