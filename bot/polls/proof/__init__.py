"""Receipts, the tree over a poll's ballots, its export, and the recount from the export alone.

Nothing here knows Discord or the database. `docs/export.md` is the public description of all that is hashed and
written; what these files do must stay what it says, or old exports and receipts no longer hold.
"""
