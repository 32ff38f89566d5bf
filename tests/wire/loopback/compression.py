"""The transport compressions of the gateway."""

import importlib
import zlib
from typing import Any, Protocol


class Compressor(Protocol):
    """Turns one gateway message into the bytes of one frame."""

    def frame(self, text: str) -> bytes:
        """Compress one message of the stream."""
        ...


class ZlibStream:
    """One zlib stream for a whole connection, flushed after each message."""

    def __init__(self) -> None:
        # Level 1: the receiver's work is the same, and the sender must not be what a benchmark measures.
        self._stream = zlib.compressobj(1)

    def frame(self, text: str) -> bytes:
        """Compress one message of the stream."""
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One zstd frame for a whole connection, flushed after each message."""

    def __init__(self, stream: Any, flush_block: Any) -> None:
        self._stream = stream
        self._flush_block = flush_block

    def frame(self, text: str) -> bytes:
        """Compress one message of the stream."""
        start: bytes = self._stream.compress(text.encode())
        rest: bytes = self._stream.flush(self._flush_block)
        return start + rest


def compressor_for(asked: str | None) -> Compressor | None:
    """Give the compressor that a client asked for in its address; none if it asked for none."""
    if asked == "zlib-stream":
        return ZlibStream()
    if asked == "zstd-stream":
        return _zstd()
    return None


def _zstd() -> Compressor:
    # The client asks for zstd only where one of the two modules is installed, and it shares our environment.
    try:
        module = importlib.import_module("zstandard")
    except ImportError:
        module = importlib.import_module("compression.zstd")
        return ZstdStream(module.ZstdCompressor(), module.ZstdCompressor.FLUSH_BLOCK)
    return ZstdStream(module.ZstdCompressor().compressobj(), module.COMPRESSOBJ_FLUSH_BLOCK)
