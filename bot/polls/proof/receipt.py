"""A receipt: the poll's number, the ballot's salt and a check against typing errors, in letters to be copied."""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from bot.errors import BadInput

_SALT_LETTERS = 26  # 16 bytes in base32, without padding
_CHECK_LETTERS = 4  # 20 bits: one typing error in a million goes unnoticed
_LETTERS = _SALT_LETTERS + _CHECK_LETTERS
_GROUP = 6
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Ten bits at a time: every vote writes a receipt, and `base64.b32encode` alone takes nearly as long as all of it here.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(5 * _LETTERS - 10, -1, -10)
_MOST_POLL_DIGITS = 10
_MOST_ONES = 8  # 256 readings, all of which the check tells apart

# base32 has neither 0, 1 nor 8, and a poll's number has no letters: what is read for them can be put right.
_AS_LETTERS = str.maketrans("08", "OB")
_AS_DIGITS = str.maketrans("OILB", "0118")

_FIX = "Copy it from the reply to your ballot, or see it again with `/vote mine`."


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which ballot in which poll."""

    poll_id: int
    salt: bytes

    def __str__(self) -> str:
        return receipt_text(self.poll_id, self.salt)


def receipt_text(poll_id: int, salt: bytes) -> str:
    """Write a receipt, such as `12-ABCDEF-GHIJKL-MNOPQR-STUVWX-YZ2345`; without a salt there is none."""
    if not salt:
        return ""
    letters = _letters(poll_id, salt)
    groups = [letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP)]
    return "-".join((str(poll_id), *groups))


def parse_receipt(text: str) -> Receipt:
    """Read a receipt as people type it; raise `BadInput` when it is none or is mistyped.

    Spaces, hyphens, case and the look-alikes 0 and O, 1 and I or L, 8 and B do not matter.
    """
    typed = re.sub(r"[\s`\-\u2010-\u2015\u2212_.]+", "", text).upper()
    number, letters = typed[:-_LETTERS].translate(_AS_DIGITS), typed[-_LETTERS:].translate(_AS_LETTERS)
    if not re.fullmatch(r"[A-Z0-9]+", typed, re.ASCII):
        raise BadInput("That is no receipt.", "A receipt is made of letters, digits and hyphens.", _FIX)
    if not 0 < len(number) <= _MOST_POLL_DIGITS or not number.isdigit():
        raise BadInput(
            "That receipt is too short or too long.",
            f"A receipt is the poll's number, then {_LETTERS} letters and digits. "
            f"This is {len(typed)} characters in all, without the hyphens.",
            _FIX,
        )
    for reading in _readings(letters):
        salt = _salt(reading[:_SALT_LETTERS])
        # The salt's last letter has two bits to spare; only one way to write a receipt is one.
        if salt is not None and _letters(int(number), salt) == reading:
            return Receipt(int(number), salt)
    raise BadInput(
        "That receipt is mistyped.", "Its last four characters check all the others, and they do not fit.", _FIX
    )


def _readings(letters: str) -> Iterator[str]:
    """Give what `letters` can stand for: each 1 is an I or an L."""
    ones = letters.count("1")
    if ones <= _MOST_ONES:
        for meant in itertools.product("IL", repeat=ones):
            signs = iter(meant)
            yield "".join(next(signs) if letter == "1" else letter for letter in letters)


def _salt(letters: str) -> bytes | None:
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        return None


def _letters(poll_id: int, salt: bytes) -> str:
    """Return the salt in base32, two bits of nothing at its end, and the check behind it."""
    bits = int.from_bytes(salt, "big") << 2 + 5 * _CHECK_LETTERS | _check(poll_id, salt)
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def _check(poll_id: int, salt: bytes) -> int:
    first_bytes = sha256(f"moonballot-receipt-v1\n{poll_id}\n{salt.hex()}".encode()).digest()[:3]
    return int.from_bytes(first_bytes, "big") >> 4
