"""Tiles lead every leaf to the root that the whole tree has, and nothing else to it."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.polls.proof import tiles as tiling
from bot.polls.proof.tiles import Tile, TiledTree, proved
from bot.polls.proof.tree import root

MOST = 5_000
AT_ONCE = 700
LEAVES = sorted(sha256(number.to_bytes(4, "big")).digest() for number in range(MOST))
STRANGER = sha256(b"in no tree").digest()
BOUNDS = (0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_025, 4_095, 4_096, 4_097, MOST)


def cut(leaves: Sequence[bytes]) -> tuple[list[Tile], bytes]:
    kept: list[Tile] = []
    tree = TiledTree(kept.append)
    for start in range(0, len(leaves), AT_ONCE):
        tree.extend(leaves[start : start + AT_ONCE])
    assert tree.size == len(leaves)
    return kept, tree.finish()


def above(kept: Sequence[Tile], leaf: bytes) -> list[Tile]:
    """Find the tile of each level that a leaf stands below, as the store does: the last that begins no later."""
    found = {tile.level: tile for tile in sorted(kept, key=lambda tile: tile.first) if tile.first <= leaf}
    return [found[level] for level in sorted(found)]


@pytest.mark.parametrize("size", BOUNDS)
def test_every_leaf_is_led_to_the_root_of_the_whole_tree_around_the_bounds_of_tiles(size: int) -> None:
    kept, found = cut(LEAVES[:size])
    assert found == root(LEAVES[:size])
    assert all(proved(leaf, above(kept, leaf), size, found) for leaf in LEAVES[:size])


@pytest.mark.parametrize("at_once", [1, 255, 256, 257, 1_025])
def test_tiles_are_the_same_however_many_leaves_come_at_once(at_once: int) -> None:
    kept: list[Tile] = []
    tree = TiledTree(kept.append)
    for start in range(0, 1_025, at_once):
        tree.extend(LEAVES[start : min(start + at_once, 1_025)])
    found = tree.finish()
    expected, root_of_all = cut(LEAVES[:1_025])
    assert found == root_of_all
    assert {(tile.level, tile.number): tile for tile in kept} == {(tile.level, tile.number): tile for tile in expected}
    assert len(kept) == len(expected)


@pytest.mark.parametrize("width", [2, 4, 16, 256])
@settings(deadline=None, max_examples=40)
@given(size=st.integers(0, MOST), data=st.data())
def test_every_leaf_is_led_to_the_root_whatever_the_number_of_levels(
    width: int, size: int, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiling, "TILE_HASHES", width)
        kept, found = cut(LEAVES[:size])
        assert found == root(LEAVES[:size])
        for place in data.draw(st.lists(st.integers(0, size - 1), max_size=20)) if size else ():
            assert proved(LEAVES[place], above(kept, LEAVES[place]), size, found)
        assert not proved(STRANGER, above(kept, STRANGER), size, found)


@pytest.mark.parametrize("size", BOUNDS)
def test_tiles_hold_each_leaf_once_and_no_level_more_than_it_needs(size: int) -> None:
    kept, _ = cut(LEAVES[:size])
    held = sorted((tile for tile in kept if tile.level == 0), key=lambda tile: tile.number)
    assert [leaf for tile in held for leaf in tile.hashes] == LEAVES[:size]
    assert [tile.number for tile in held] == list(range(len(held)))
    assert sum(tile.level == max(each.level for each in kept) for tile in kept) == min(len(kept), 1)


def test_a_leaf_is_not_proved_by_what_was_changed() -> None:
    size = 1_000
    kept, found = cut(LEAVES[:size])
    leaf = LEAVES[300]
    true = above(kept, leaf)
    low, high = true
    wrong = (STRANGER, *low.hashes[1:])
    changed = {
        "another root": (leaf, true, size, STRANGER),
        "another size": (leaf, true, size * 2, found),
        "another leaf": (STRANGER, true, size, found),
        "a leaf of another tile": (LEAVES[0], true, size, found),
        "a neighbour": (leaf, [Tile(0, low.number, low.first, wrong), high], size, found),
        "a forged leaf in the tile": (STRANGER, [Tile(0, low.number, low.first, wrong), high], size, found),
        "another place": (leaf, [Tile(0, low.number + 1, low.first, low.hashes), high], size, found),
        "a place beyond": (leaf, [Tile(0, 900, low.first, low.hashes), high], size, found),
        "a tile above": (leaf, [low, Tile(1, 0, high.first, (STRANGER,) * 4)], size, found),
        "no tile above": (leaf, [low], size, found),
        "one tile too many": (leaf, [*true, Tile(2, 0, high.first, (found, found))], size, found),
        "an empty tile above": (leaf, [low, Tile(1, 0, high.first, ())], size, found),
        "no tiles": (leaf, [], size, found),
    }
    assert proved(leaf, true, size, found)
    assert [what for what, proof in changed.items() if proved(*proof)] == []
