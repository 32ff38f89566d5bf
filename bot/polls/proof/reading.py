"""Read an export line by line and take nothing on trust: every line is short, UTF-8, plain JSON and in its place."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO, NoReturn, TypeVar

from pydantic import ValidationError

from bot.errors import MoonballotError
from bot.polls.proof.document import FIELDS, Part

MOST_BYTES_IN_A_LINE = 256 * 1024
_MOST_NESTED = 8
_MOST_DIGITS = 16

_FIELD = re.compile(r'\s*"([^"\\]{0,80})"\s*:(.*)', re.DOTALL)
_REFORMATTED = "An export must stay exactly as it was written; take the file as it was exported."

P = TypeVar("P", bound=Part)


class DoesNotHold(MoonballotError):
    """The first thing in an export that does not hold, as whole sentences, and its line if it has one."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(f"Line {line}: {reason}" if line else reason)


class Lines:
    """The lines of an export, counted and hashed as they are read; memory for one line."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._hash = sha256()
        self.number = 0

    def checksum(self) -> str:
        """Return the hash of all lines read so far."""
        return self._hash.hexdigest()

    def fail(self, reason: str) -> NoReturn:
        """Say that the line read last does not hold."""
        raise DoesNotHold(reason, self.number)

    def raw(self) -> bytes:
        """Read the next line without its end."""
        line = self._source.readline(MOST_BYTES_IN_A_LINE + 1)
        if not line:
            where = f"after line {self.number}" if self.number else "before it begins"
            raise DoesNotHold(f"The file ends {where}: it was cut off or is no export.")
        self.number += 1
        if len(line) > MOST_BYTES_IN_A_LINE:
            self.fail(f"It is longer than {MOST_BYTES_IN_A_LINE:,} bytes, which no line of an export is.")
        if not line.endswith(b"\n"):
            self.fail("The file ends in the middle of this line: it was cut off.")
        self._hash.update(line)
        return line[:-1]

    def text(self) -> str:
        """Read the next line as text."""
        raw = self.raw()
        if raw.endswith(b"\r"):
            self.fail(f"It ends in CR and LF, so another program wrote it anew. {_REFORMATTED}")
        return self.decoded(raw)

    def decoded(self, raw: bytes) -> str:
        """Return bytes of the line read last as text."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            self.fail(f"It is not UTF-8: byte {error.start + 1} fits nowhere.")

    def begin(self) -> None:
        """Read the bracket that opens the file."""
        line = self.text()
        if line.startswith("\ufeff"):
            self.fail(f"It begins with a byte order mark. {_REFORMATTED}")
        if line != "{":
            self.fail(
                f"This is no Moonballot export, or it was laid out anew: it should begin with {{ alone. {_REFORMATTED}"
            )

    def end(self) -> None:
        """Read the bracket that closes the file, and nothing after it."""
        line = self.text()
        if line != "}":
            field = _FIELD.match(line)
            self.fail(
                f"There is an unknown field {shown(field[1])} after the last one."
                if field
                else "The file should end here with } alone."
            )
        if self._source.read(1):
            raise DoesNotHold("There is something after the end of the export.", self.number + 1)

    def field(self, name: str) -> Any:
        """Read the next field, which must be `name`, with its value on the same line."""
        rest = self._named(name)
        if rest.strip() in ("{", "["):
            self.fail(f"The field {shown(name)} should stand on this line alone. {_REFORMATTED}")
        if name != FIELDS[-1]:
            rest = self._without_comma(rest)
        return self.json(rest)

    def part(self, name: str, kind: type[P]) -> P:
        """Read the next field as one of the parts of an export."""
        return self.checked(self.field(name), kind, name)

    def items(self, name: str) -> Iterator[bytes]:
        """Read the field `name`, a list with one item a line, without the commas between them."""
        if self._named(name).strip() != "[":
            self.fail(f"The list {shown(name)} should begin here, with one item a line. {_REFORMATTED}")
        line, comma, first = self.raw(), False, True
        while line not in (b"]", b"],"):
            if not first and not comma:
                self.fail("This is broken JSON: the line before has no comma at its end.")
            comma, first = line.endswith(b","), False
            yield line[:-1] if comma else line
            line = self.raw()
        if comma:
            self.fail("This is broken JSON: the line before has a comma with nothing after it.")
        if line == b"]":
            self.fail("This is broken JSON: a comma is missing at the end.")

    def json(self, text: str) -> Any:
        """Read JSON of the line read last; without doubled names, fractions, huge numbers and deep nesting."""
        try:
            value = json.loads(
                text,
                object_pairs_hook=_no_name_twice,
                parse_int=_short_integer,
                parse_float=_no_fraction,
                parse_constant=_no_fraction,
            )
            if _nested_deeper(value, _MOST_NESTED):
                raise RecursionError
            json.dumps(value, ensure_ascii=False).encode()
        except json.JSONDecodeError as error:
            self.fail(f"This is broken JSON: {error.msg[:1].lower()}{error.msg[1:]}, near {shown(text[error.pos :])}.")
        except RecursionError:
            self.fail("It is nested deeper than anything in an export.")
        except UnicodeEncodeError:
            self.fail("It holds half a character, which is no text.")
        except ValueError as error:
            self.fail(str(error))
        return value

    def checked(self, value: Any, kind: type[P], what: str) -> P:
        """Return a value of the line read last as the part that it should be."""
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            self.fail(_first_problem(error, what))

    def _named(self, name: str) -> str:
        field = _FIELD.fullmatch(self.text())
        if field is None:
            self.fail(
                f"This is broken JSON or was laid out anew: the field {shown(name)} should stand here. {_REFORMATTED}"
            )
        if field[1] != name:
            self._another_field(field[1], name)
        return field[2]

    def _another_field(self, name: str, due: str) -> NoReturn:
        if name not in FIELDS:
            self.fail(f"There is an unknown field {shown(name)}; {shown(due)} should stand here.")
        if FIELDS.index(name) < FIELDS.index(due):
            self.fail(f"The field {shown(name)} stands here a second time.")
        self.fail(f"The field {shown(due)} is missing; {shown(name)} stands in its place.")

    def _without_comma(self, rest: str) -> str:
        if not rest.endswith(","):
            self.json(rest)
            self.fail("This is broken JSON: a comma is missing at the end of the line.")
        return rest[:-1]


def shown(text: str, most: int = 40) -> str:
    """Return foreign text in quotes, short and without signs that could steer a terminal."""
    return f"“{printable(text[:most])}{'…' if len(text) > most else ''}”"


def printable(text: str) -> str:
    """Return foreign text without signs that could steer a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _nested_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nested_deeper(item, levels - 1) for item in items)


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"The name {shown(name)} stands twice in one object.")
        found[name] = value
    return found


def _short_integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"The number {shown(digits)} is larger than any in an export.")
    return int(digits)


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"{shown(text)} stands where only whole numbers do.")


_WORDS = {
    "missing": "The field {field} is missing.",
    "extra_forbidden": "There is an unknown field {field}.",
}


def _first_problem(error: ValidationError, what: str) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = shown(".".join((what, *map(str, first["loc"]))), 120)
    words = _WORDS.get(first["type"], "The field {field} is not what it should be: {reason}.")
    reason = first["msg"][:1].lower() + first["msg"][1:]
    return words.format(field=field, reason=reason)
