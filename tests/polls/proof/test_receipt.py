import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.polls.proof.receipt import Receipt, parse_receipt, receipt_text

POLLS = st.integers(1, 10**10 - 1)
SALTS = st.binary(min_size=16, max_size=16)
SLIPS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Its letters have O, I, L and B among them.
SALT = bytes.fromhex("7390b58710a1428539c85a0b59ca1428")


@given(POLLS, SALTS)
def test_a_receipt_is_read_as_it_was_written(poll_id: int, salt: bytes) -> None:
    assert parse_receipt(receipt_text(poll_id, salt)) == Receipt(poll_id, salt)


def test_a_receipt_has_the_polls_number_and_groups_that_can_be_read_aloud() -> None:
    text = receipt_text(12, bytes(16))
    assert text == "12-AAAAAA-AAAAAA-AAAAAA-AAAAAA-AACHECK".replace("CHECK", text[-4:])
    assert str(Receipt(12, bytes(16))) == text


@given(POLLS, SALTS)
def test_a_receipt_is_the_salt_in_base32_and_four_letters(poll_id: int, salt: bytes) -> None:
    letters = receipt_text(poll_id, salt).partition("-")[2].replace("-", "")
    assert letters[:-4] == base64.b32encode(salt).decode().rstrip("=")
    assert len(letters) == 30


def test_a_receipt_of_old_is_one_still() -> None:
    # Written down once: members keep theirs.
    assert receipt_text(12, SALT) == "12-OOILLB-YQUFBI-KOOILI-FVTSQU-FAQTP5"


@given(POLLS, SALTS)
def test_spaces_case_and_hyphens_do_not_matter(poll_id: int, salt: bytes) -> None:
    text = receipt_text(poll_id, salt)
    for typed in (text.lower(), text.replace("-", " "), text.replace("-", ""), f" `{text}`\n", text.replace("-", "–")):
        assert parse_receipt(typed) == Receipt(poll_id, salt)


@given(POLLS, SALTS)
def test_look_alikes_do_not_matter(poll_id: int, salt: bytes) -> None:
    number, _, letters = receipt_text(poll_id, salt).partition("-")
    for there, typed in (("O", "0"), ("I", "1"), ("B", "8")):
        if letters.count(there) <= 8:
            assert parse_receipt(f"{number}-{letters.replace(there, typed)}") == Receipt(poll_id, salt)
    assert parse_receipt(f"{number.replace('0', 'O').replace('1', 'l')}-{letters}") == Receipt(poll_id, salt)


def test_a_one_may_stand_for_an_i_and_for_an_l_in_the_same_receipt() -> None:
    text = receipt_text(12, SALT)
    assert "I" in text
    assert "L" in text
    assert parse_receipt(text.replace("I", "1").replace("L", "1")) == Receipt(12, SALT)


@given(POLLS, SALTS, st.data())
def test_one_wrong_sign_is_told_from_a_receipt_that_is_not_counted(
    poll_id: int, salt: bytes, data: st.DataObject
) -> None:
    text = receipt_text(poll_id, salt)
    place = data.draw(st.sampled_from([place for place, sign in enumerate(text) if sign != "-"]))
    signs = "0123456789" if place < len(str(poll_id)) else SLIPS
    wrong = data.draw(st.sampled_from([sign for sign in signs if sign != text[place]]))
    typed = text[:place] + wrong + text[place + 1 :]
    # 20 bits of check let one slip in a million through; it is then another receipt, never this one.
    try:
        assert parse_receipt(typed) != Receipt(poll_id, salt)
    except BadInput as error:
        assert "mistyped" in error.what  # noqa: PT017 - either may happen


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no receipt"),
        ("my receipt!", "no receipt"),
        ("12-AAAAAA", "too short or too long"),
        (receipt_text(12, SALT)[:-1], "mistyped"),
        (receipt_text(12, SALT).removeprefix("12-"), "too short or too long"),
        ("X" + receipt_text(12, SALT), "too short or too long"),
        (receipt_text(12, SALT).replace("12-", "13-"), "mistyped"),
        ("1234567890123-" + receipt_text(12, SALT).removeprefix("12-"), "too short or too long"),
        ("12-" + "1" * 30, "mistyped"),
        ("12-" + "9" * 30, "mistyped"),
        ("١٢-" + "A" * 30, "no receipt"),
        ("9" * 100_000, "too short or too long"),
    ],
)
def test_what_is_no_receipt_is_refused_with_what_to_do(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_receipt(typed)
    assert said in refusal.value.what
    assert "/vote mine" in refusal.value.fix


def test_only_one_way_to_write_a_salt_is_a_receipt() -> None:
    text = receipt_text(12, bytes(16)).replace("-", "").removeprefix("12")
    # The 26th letter has three bits of salt and two to spare: A and B mean the same salt.
    assert text[25] == "A"
    with pytest.raises(BadInput, match="mistyped"):
        parse_receipt(f"12-{text[:25]}B{text[26:]}")


def test_a_withdrawn_ballot_has_no_receipt() -> None:
    assert receipt_text(12, b"") == ""
