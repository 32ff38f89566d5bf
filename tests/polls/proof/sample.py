"""One export that tests read, and tamper with."""

import io

from bot.polls.proof.export import write_json
from tests.polls.proof.exports import a_poll, leaves_of, some_ballots

POLL = a_poll("ranked")
BALLOTS = list(some_ballots(POLL, 40))


def _written() -> bytes:
    out = io.BytesIO()
    write_json(out, POLL, leaves_of(POLL, iter(BALLOTS)))
    return out.getvalue()


EXPORT = _written()
