"""Everything that the operator may set, read once from the environment or `.env` and checked at the start."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSetting

DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///var/moonballot.db"


class Settings(BaseSettings):
    """The operator's choices; every one has a default but the token."""

    model_config = SettingsConfigDict(
        env_prefix="MOONBALLOT_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN")
    database_url: str = DEFAULT_DATABASE_URL
    discord_api: str = "https://discord.com/api/v10"
    shard_ids: Annotated[tuple[int, ...] | None, NoDecode] = None
    shard_count: int | None = Field(None, ge=1)
    log_format: Literal["console", "json"] = "console"
    block_list: Path | None = None
    coingecko_key: SecretStr | None = None
    coingecko_api: str = "https://api.coingecko.com/api/v3"
    token_metrics_key: SecretStr | None = None
    token_metrics_api: str = "https://api.tokenmetrics.com/v2"  # noqa: S105 - an address

    @field_validator(
        "discord_token", "shard_ids", "shard_count", "block_list", "coingecko_key", "token_metrics_key", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("it must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("discord_api", "coingecko_api", "token_metrics_api")
    @classmethod
    def _http_root(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("coingecko_key", "token_metrics_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("it has characters that are in no key; copy it anew")
        return value

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file; None when the database is a server."""
        prefix = "sqlite+aiosqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


def load_settings() -> Settings:
    """Read the settings; raise `BadSetting` that names the first wrong one, never its value."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0])
        name = name if name.isupper() else f"MOONBALLOT_{name.upper()}"
        raise BadSetting(name, first["msg"].removeprefix("Value error, ")) from None
    if settings.shard_ids and not settings.shard_count:
        raise BadSetting("MOONBALLOT_SHARD_COUNT", "it must be set when MOONBALLOT_SHARD_IDS is")
    return settings
