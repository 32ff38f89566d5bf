"""The body of a request: JSON, and the files that came with it."""

import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import BodyPartReader, web

from .errors import Payload


@dataclass(slots=True)
class Upload:
    """One file of a multipart request."""

    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Sent:
    """The body of a request: its JSON, and the files that came with it."""

    data: Any = None
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def fields(self) -> Payload:
        """Give the JSON as an object."""
        return self.data if isinstance(self.data, dict) else {}

    def of(self, data: Payload) -> Self:
        """Give the same files with an inner part of the JSON."""
        return type(self)(data, self.files)

    def shown(self) -> Any:
        """Give what the log keeps of it."""
        if not self.files:
            return self.data
        return {"json": self.data, "files": {name: len(up.content) for name, up in self.files.items()}}


async def read_body(request: web.BaseRequest) -> Sent:
    """Read JSON, or multipart with its files."""
    if request.headers.get("Content-Type", "").startswith("multipart/"):
        return await _multipart(request)
    content = await request.read()
    return Sent(json.loads(content)) if content else Sent()


async def _multipart(request: web.BaseRequest) -> Sent:
    sent = Sent()
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            sent.data = json.loads(content)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            sent.files[part.name or ""] = Upload(part.filename or "unknown", kind, content)
    return sent
