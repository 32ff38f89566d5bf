"""The tree against the vectors that Certificate Transparency's reference code publishes, and against its definition."""

from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polls.proof.tree import Tree, included, inclusion_path, leaf_hash, root

ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
HASHES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def defined_root(leaves: list[bytes]) -> bytes:
    """The hash of a list of leaves as RFC 6962, section 2.1, defines it: split at the largest power of two below."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root(map(leaf_hash, ENTRIES[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_inclusion_paths_are_the_published_ones(index: int, size: int) -> None:
    path = inclusion_path(map(leaf_hash, ENTRIES[:size]), index)
    assert tuple(step.hex() for step in path) == PATHS[index, size]
    assert included(leaf_hash(ENTRIES[index]), index, size, path, bytes.fromhex(ROOTS[size]))


@given(HASHES)
def test_the_root_in_one_pass_is_the_defined_one(leaves: list[bytes]) -> None:
    assert root(leaves) == defined_root(leaves)


@given(HASHES)
def test_a_tree_can_say_its_root_while_it_grows(leaves: list[bytes]) -> None:
    tree = Tree()
    for size, leaf in enumerate(leaves, start=1):
        tree.extend([leaf])
        assert (tree.size, tree.root()) == (size, defined_root(leaves[:size]))


@given(HASHES, st.lists(st.integers(0, 20)))
def test_it_does_not_matter_how_many_leaves_a_tree_takes_at_once(leaves: list[bytes], groups: list[int]) -> None:
    tree, rest = Tree(), iter(leaves)
    for size in groups:
        tree.extend(islice(rest, size))
    tree.extend(rest)
    assert (tree.size, tree.root()) == (len(leaves), defined_root(leaves))


@given(HASHES, st.data())
def test_a_path_leads_from_its_leaf_alone(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, whole = inclusion_path(iter(leaves), index), root(leaves)
    assert included(leaves[index], index, len(leaves), path, whole)
    assert not included(sha256(leaves[index]).digest(), index, len(leaves), path, whole)
    assert not included(leaves[index], len(leaves), len(leaves), path, whole)
    assert not included(leaves[index], index, len(leaves), (*path, whole), whole)
    if path:
        assert not included(leaves[index], index, len(leaves), path[:-1], whole)
        assert not included(leaves[index], index, len(leaves), (sha256(path[0]).digest(), *path[1:]), whole)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path([b"a" * 32] * 3, index)
