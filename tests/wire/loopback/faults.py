"""What goes wrong on purpose: refusals, delays, silence."""

import asyncio
import re
from dataclasses import dataclass, field, fields
from typing import Any

from .errors import ControlError, Payload


@dataclass(slots=True)
class Fault:
    """One thing to do to the next requests that match."""

    id: int
    method: str | None = None
    path: str = ""
    status: int | None = None
    times: int | None = 1
    skip: int = 0
    retry_after: float = 0.2
    is_global: bool = False
    code: int = 0
    message: str = ""
    delay: float = 0.0
    hang: bool = False
    drop: bool = False
    after: bool = False
    hits: int = 0
    pattern: re.Pattern[str] = field(init=False, repr=False)
    released: asyncio.Event = field(init=False, repr=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.pattern = re.compile(self.path)

    def matches(self, method: str, path: str) -> bool:
        """Tell whether this fault is meant for a request."""
        return (self.method is None or self.method == method) and bool(self.pattern.search(path))

    def shown(self) -> Payload:
        """Show the fault and how often it hit."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.repr}


class Faults:
    """The faults that are in force, first match first."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self._last_id = 0

    def add(self, spec: dict[str, Any]) -> Fault:
        """Put one more fault in force."""
        self._last_id += 1
        known = dict(spec)
        known["is_global"] = bool(known.pop("global", False))
        try:
            fault = Fault(self._last_id, **known)
        except (TypeError, re.error) as error:
            raise ControlError(f"this is no fault: {error}") from error
        self.armed.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Give the fault that hits this request, if any, and count it."""
        for fault in self.armed:
            if fault.times == 0 or not fault.matches(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    def clear(self) -> None:
        """Let everything work again, and answer what was left hanging."""
        for fault in self.armed:
            fault.released.set()
        self.armed.clear()
