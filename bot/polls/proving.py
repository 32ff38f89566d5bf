"""Find the ballot of a receipt, and prove by what a close has kept that it leads to the posted root."""

from dataclasses import dataclass

from bot.polls import store as sql
from bot.polls import tree_store as tree_sql
from bot.polls.model import Ballot, Poll
from bot.polls.proof.leaf import ballot_leaf, poll_fingerprint
from bot.polls.proof.receipt import Receipt
from bot.polls.proof.tiles import proved
from bot.store.engine import Store, Tx


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for a receipt, all from one moment: the poll, its ballot, and the ballot of the member who asks.

    `kept` says whether the poll's close has kept its tree, `proved` whether the ballot leads from there to the root.
    """

    poll: Poll
    ballot: Ballot | None
    own: Ballot | None
    kept: bool
    proved: bool

    @property
    def wants_keeping(self) -> bool:
        """Whether there is a ballot to prove and nothing to prove it by: the poll was closed by an older version."""
        return self.ballot is not None and self.poll.root is not None and not self.kept


async def find(store: Store, receipt: Receipt, asker_id: int | None) -> Found | None:
    """Look a receipt up; None when there is no such poll."""
    async with store.read() as tx:
        poll = await sql.get(tx, receipt.poll_id)
        if poll is None:
            return None
        own = None if asker_id is None else await sql.ballot_of(tx, poll.id, asker_id)
        size = await tree_sql.tree_size(tx, poll.id)
        if own is not None and own.salt == receipt.salt:
            ballot: Ballot | None = own
        elif size is not None:
            ballot = await tree_sql.ballot_of_receipt(tx, poll.id, receipt.salt)
        else:
            ballot = await sql.ballot_with_salt(tx, poll.id, receipt.salt)
        leads = ballot is not None and size is not None and await _leads_to_root(tx, poll, ballot, size)
    return Found(poll, ballot, own, size is not None, leads)


async def _leads_to_root(tx: Tx, poll: Poll, ballot: Ballot, size: int) -> bool:
    leaf = ballot_leaf(poll_fingerprint(poll).digest, ballot.salt, ballot.choices, ballot.weight).hash
    root = bytes.fromhex(poll.root or "")
    return proved(leaf, await tree_sql.tiles_above(tx, poll.id, leaf), size, root)


async def is_kept(store: Store, poll_id: int) -> bool:
    """Return whether a poll's close has kept its tree."""
    async with store.read() as tx:
        return await tree_sql.tree_size(tx, poll_id) is not None
