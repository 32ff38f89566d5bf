"""Keep what proves the ballots of a closed poll one by one: the tree in tiles, and where each receipt's ballot is."""

import asyncio
from typing import Any

from bot.polls import tree_store as sql
from bot.polls.proof.tiles import Tile
from bot.store.engine import Store

# About a megabyte in a transaction: votes elsewhere wait for one of them, never for all.
TILES_AT_ONCE = 128
PAGES_AT_ONCE = 32


class Keeper:
    """Write pages and tiles as they come; until `finish` they count for nothing, and may be written again.

    The ballots of a closed poll do not change, so that whoever writes them writes the same.
    """

    def __init__(self, store: Store, poll_id: int) -> None:
        self._store, self._poll_id = store, poll_id
        self._loop = asyncio.get_running_loop()
        self._pages: list[bytes] = []
        self._tiles: list[Tile] = []

    def add_page(self, page: bytes) -> None:
        """Take the next page, from a thread, which waits while pages are written: only so many are ever in memory."""
        self._pages.append(page)
        if len(self._pages) == PAGES_AT_ONCE:
            self._wait_for_write()

    def add_tile(self, tile: Tile) -> None:
        """Take the next tile, in the same way."""
        self._tiles.append(tile)
        if len(self._tiles) == TILES_AT_ONCE:
            self._wait_for_write()

    async def finish(self, size: int) -> None:
        """Write what is left, and that all of the tree over so many leaves is there."""

        def write(connection: Any) -> None:
            self._write(connection)
            sql.keep_tree(connection, self._poll_id, size)

        await self._store.write(write)

    def _wait_for_write(self) -> None:
        asyncio.run_coroutine_threadsafe(self._store.write(self._write), self._loop).result()

    def _write(self, connection: Any) -> None:
        if self._pages:
            sql.keep_pages(connection, self._poll_id, self._pages)
        if self._tiles:
            sql.keep_tiles(connection, self._poll_id, self._tiles)
        self._pages, self._tiles = [], []
