from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.settings import DEFAULT_DATABASE_URL, load_settings


@pytest.fixture(autouse=True)
def _no_env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


def test_every_setting_has_a_default() -> None:
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.database_url == DEFAULT_DATABASE_URL
    assert settings.sqlite_file == Path("var/moonballot.db")


def test_an_env_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=abc\nMOONBALLOT_LOG_FORMAT=json\nOTHER=1\n")
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "abc"
    assert settings.log_format == "json"


def test_an_empty_token_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert load_settings().discord_token is None


def test_shards_are_read_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOONBALLOT_SHARD_IDS", "0, 2")
    monkeypatch.setenv("MOONBALLOT_SHARD_COUNT", "4")
    assert load_settings().shard_ids == (0, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOONBALLOT_DATABASE_URL", "mysql://user:hunter2@host/db"),
        ("MOONBALLOT_DISCORD_API", "ftp://hunter2"),
        ("MOONBALLOT_COINGECKO_API", "hunter2.example"),
        ("MOONBALLOT_TOKEN_METRICS_API", "hunter2.example"),
        ("MOONBALLOT_SHARD_COUNT", "hunter2"),
        ("MOONBALLOT_SHARD_IDS", "hunter2"),
        ("MOONBALLOT_LOG_FORMAT", "hunter2"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert "hunter2" not in str(caught.value)


def test_shard_ids_without_their_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOONBALLOT_SHARD_IDS", "0")
    with pytest.raises(BadSetting, match="MOONBALLOT_SHARD_COUNT"):
        load_settings()


def test_the_token_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize("name", ["MOONBALLOT_COINGECKO_KEY", "MOONBALLOT_TOKEN_METRICS_KEY"])
def test_a_key_is_a_secret_and_fits_a_header(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hunter2")
    assert "hunter2" not in repr(load_settings())
    monkeypatch.setenv(name, "hunter2\nX-Other: 1")
    with pytest.raises(BadSetting) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv(name, "")
    assert (load_settings().coingecko_key, load_settings().token_metrics_key) == (None, None)
