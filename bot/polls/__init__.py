"""Polls held here: who may vote, ballots, counting, the board."""
