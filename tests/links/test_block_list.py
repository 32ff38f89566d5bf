from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.links.block_list import load_block_list


@pytest.mark.parametrize(
    "text",
    [
        "# a remark\nevil.com\n\nEVIL.org  # too\n",
        "0.0.0.0 evil.com\n127.0.0.1 evil.org\n",
        "https://evil.com/x\nevil.org\n",
        '["evil.com", "evil.org", 3]',
        '{"version": 2, "blacklist": ["evil.com", "evil.org"], "whitelist": ["good.com"]}',
        "\ufeffevil.com\r\nevil.org\r\n",
    ],
)
def test_a_list_is_read_in_each_form(tmp_path: Path, text: str) -> None:
    file = tmp_path / "list"
    file.write_text(text, encoding="utf-8")
    assert load_block_list(file) == {"evil.com", "evil.org"}


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b'{"whitelist": ["good.com"]}', b'"evil.com"', b"\xff\xfe"])
def test_a_list_without_a_domain_ends_the_start(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list"
    file.write_bytes(content)
    with pytest.raises(BadSetting, match="MOONBALLOT_BLOCK_LIST"):
        load_block_list(file)


def test_a_list_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: No such file"):
        load_block_list(tmp_path / "missing")


def test_without_a_setting_nothing_is_listed() -> None:
    assert load_block_list(None) == frozenset()
