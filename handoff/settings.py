"""What a running Warmline is told by its environment: read once, typed, frozen, passed on.

Sources, strongest first: environment variables, `.env`, `<var>/running.env` (addresses of a `make run` that is up now),
`<var>/secrets.env` (secrets that `make run` made). The variable of a field is `WARMLINE_` and its name; `REDIS_URL` and
`DATABASE_URL` have no prefix.
"""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, create_model, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handoff.core.policy import Policy
from handoff.keys_file import with_keys_of_file
from handoff.wrong_settings import sentences

PREFIX = "WARMLINE_"
DEFAULT_VAR = "var"
BOT_VARIABLES = ("WARMLINE_SERVICE_URL", "WARMLINE_ENCODER", "WARMLINE_BOT_PYTHON")
"""What only the bot and its actions read, besides REDIS_URL and the key, token, line and address variables of ours."""

_SHAPES = {
    "telegram_token": r"\d+:[A-Za-z0-9_-]+",
    "telegram_webhook_secret": r"[A-Za-z0-9_-]{16,256}",
    "slack_bot_token": r"xoxb-\S+",
    "slack_app_token": r"xapp-\S+",
}
"""What these tokens look like, so that one pasted into the wrong place is noticed at once."""
_TELEGRAM = "https://api.telegram.org"
"""Its servers send to https alone; a Bot API server of your own may stand next door."""
_MAY_BE_ZERO = "head_start_"
_SHARE = "_share"


class SettingsError(Exception):
    """Settings that cannot be used. `lines` holds one finished sentence per wrong variable."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _policy_field(name: str, default: Any) -> tuple[type, Any]:
    if name.endswith(_SHARE):
        return float, Field(default, ge=0, le=1, description="a share from 0 to 1")
    least = 0 if name.startswith(_MAY_BE_ZERO) else 1
    unit = "a whole number, in seconds" if name.endswith("_seconds") else "a whole number"
    return int, Field(default, ge=least, description=unit)


if TYPE_CHECKING:

    class _PolicyFields(BaseSettings):
        pass
else:
    _PolicyFields = create_model(
        "_PolicyFields",
        __base__=BaseSettings,
        **{each.name: _policy_field(each.name, each.default) for each in fields(Policy)},
    )


class Settings(_PolicyFields):
    """Every setting of the service. Words in `description` finish the sentence "Give ..."."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    line: str = Field("main", pattern=r"^[a-z0-9][a-z0-9-]{0,31}$", description="lower-case letters, digits and dashes")
    line_name: str = Field("Warmline", min_length=1, max_length=80, description="the helpline's name as people read it")
    language: str = Field("en", pattern=r"^[a-z]{2}$", description="a two-letter language code such as en")
    country: str | None = Field(
        None, pattern=r"^[A-Z]{2}$", description="a two-letter country code such as GB, or nothing"
    )
    contact: str = Field(
        "", max_length=200, description="an address or a page where people can complain to the line, or nothing"
    )
    opening_hours: Path | None = Field(
        None, description="the path of a YAML file with opening hours, or nothing for always open"
    )

    host: str = Field(
        "127.0.0.1", min_length=1, description="the address to listen on; 127.0.0.1 stays on this machine"
    )
    port: int = Field(8080, ge=1, le=65535, description="a port number such as 8080")
    trusted_proxies: str = Field("127.0.0.1,::1", description="addresses or networks of proxies, comma separated")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+[^\s]*$",
        description="the address people's browsers use, such as https://chat.example.org",
    )
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="the websites that may embed the chat, comma separated, such as https://example.org"
    )
    leave_url: str = Field(
        "https://duckduckgo.com/?q=weather",
        pattern=r"^https?://[^\s/]+[^\s]*$",
        description="the address of a harmless page, such as https://duckduckgo.com/?q=weather",
    )
    page_title: str = Field(
        "Chat", min_length=1, max_length=60, description="what the browser's tab and history show; say little"
    )

    redis_url: str = Field(
        "redis://127.0.0.1:6379/0",
        validation_alias="REDIS_URL",
        repr=False,
        pattern=r"^(rediss?(\+cluster)?|unix)://",
        description="a Redis address such as redis://127.0.0.1:6379/0, or redis+cluster://HOST:PORT,HOST:PORT",
    )
    redis_wait_replicas: int = Field(
        0, ge=0, le=5, description="how many replicas must have each commit before it is acknowledged, 0 to 5"
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///var/warmline.db",
        validation_alias="DATABASE_URL",
        repr=False,
        description="sqlite+aiosqlite:///FILE or postgresql+psycopg://NAME:PASSWORD@HOST/DATABASE",
    )
    rasa_url: str = Field("http://127.0.0.1:5005", pattern=r"^https?://", description="the Rasa server's address")
    actions_url: str = Field("http://127.0.0.1:5055", pattern=r"^https?://", description="the action server's address")

    telegram_token: SecretStr | None = Field(
        None, description="the token that BotFather gave, such as 123456:ABC-..., or nothing to stay off Telegram"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None,
        description="16 to 256 letters, digits, _ and -, to be sent updates; nothing to fetch them",
    )
    telegram_api: str = Field(_TELEGRAM, pattern=r"^https?://[^\s]+$", description="a Bot API server")
    telegram_rate: int = Field(30, ge=1, description="messages a second over all chats; Telegram allows about 30")

    slack_bot_token: SecretStr | None = Field(
        None,
        description="the bot token (xoxb-...) of the installed app, or nothing for no Slack",
    )
    slack_app_token: SecretStr | None = Field(
        None, description="the app-level token (xapp-...) for Socket Mode, or nothing"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, min_length=8, description="the app's signing secret, to be sent events over HTTP, or nothing"
    )
    slack_queue_channel: str = Field(
        "", pattern=r"^([CG][A-Z0-9]+)?$", description="the id of the channel that shows who waits, such as C0123ABCD"
    )
    slack_leads_channel: str = Field(
        "", pattern=r"^([CG][A-Z0-9]+)?$", description="the id of the leads' channel, such as C0123ABCD"
    )
    slack_api: str = Field("https://slack.com/api/", pattern=r"^https?://[^\s]+/$", description="Slack's API address")

    bot_token: SecretStr = Field(min_length=16, description="a long random text that the bot's actions send as well")
    keys: SecretStr = Field(description="one or more Fernet keys, comma separated, newest first")
    keys_file: Path | None = Field(
        None, description="the path of a file with the keys, newest first, in the place of WARMLINE_KEYS, or nothing"
    )
    session_secret: SecretStr = Field(min_length=32, description="a long random text; changing it signs everybody out")
    session_secret_before: SecretStr | None = Field(
        None, min_length=32, description="the session secret until now, while it is being replaced, or nothing"
    )
    pseudonym_secret: SecretStr = Field(
        min_length=32, description="a long random text; changing it makes everybody a stranger, so keep it"
    )

    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="a long random text that Prometheus shows, or nothing for no /metrics"
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        pattern=r"^https?://",
        description="the address of an OpenTelemetry collector such as http://localhost:4318, or nothing for no traces",
    )
    drain_notice_seconds: int = Field(
        0, ge=0, le=120, description="seconds that /readyz says draining before pages are sent elsewhere"
    )

    tracker_seconds: int = Field(86400, ge=60, description="seconds that the bot remembers a conversation, at least 60")
    var: Path = Field(Path(DEFAULT_VAR), description="the folder for everything that is kept")
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR")
    log_json: bool = Field(False, description="true for one JSON object a line, false for plain lines")

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _keys_from_a_file(cls, given: Any) -> Any:
        """Keys may lie in a file, such as a container's secret; from two places they could disagree."""
        return with_keys_of_file(given) if isinstance(given, dict) else given

    @field_validator("keys")
    @classmethod
    def _usable_keys(cls, value: SecretStr) -> SecretStr:
        parts = _parts(value)
        if not parts:
            raise ValueError("there is no key in it")
        for part in parts:
            Fernet(part)
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Half a platform is none: what belongs together is given together."""
        reachable = (self.public_url or "").startswith("https://") or self.telegram_api != _TELEGRAM
        if self.telegram_webhook_secret and not reachable:
            raise _missing("public_url", "Telegram sends updates to https addresses only")
        if self.slack_bot_token is None:
            return self
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise _missing("slack_app_token", "Slack has to reach the service, by Socket Mode or over HTTP")
        for name in ("slack_queue_channel", "slack_leads_channel"):
            if not getattr(self, name):
                raise _missing(name, "Slack is on")
        return self

    @field_validator(*_SHAPES)
    @classmethod
    def _shaped(cls, value: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
        if value is not None and not re.fullmatch(_SHAPES[about.field_name or ""], value.get_secret_value()):
            raise ValueError("it has another shape")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_driver(cls, value: str) -> str:
        """The driver follows from the database; both spellings are taken."""
        scheme, found, rest = value.partition("://")
        drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
        driver = drivers.get(scheme, scheme)
        if not found or driver not in drivers.values():
            raise ValueError("it names no database that Warmline knows")
        return f"{driver}://{rest}"

    def fernet_keys(self) -> tuple[str, ...]:
        """The encryption keys, newest first; new words are encrypted with the first, old ones read with any."""
        return _parts(self.keys)

    def policy(self) -> Policy:
        """The time-outs and limits that `decide()` receives."""
        return Policy(**{each.name: getattr(self, each.name) for each in fields(Policy)})

    def sent_channels(self) -> frozenset[str]:
        """Seekers' channels that have to be sent to."""
        return frozenset({"telegram"} if self.telegram_token else ())

    def has_slack(self) -> bool:
        """Whether supporters work in Slack as well."""
        return self.slack_bot_token is not None

    def base_url(self) -> str:
        """Where people's browsers find this service, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def secure_cookies(self) -> bool:
        return self.base_url().startswith("https://")


def load(**given: Any) -> Settings:
    """Read the settings; `given` (by field name) outranks the environment.

    Raises SettingsError, whose lines name each wrong variable, its problem and what to give.
    """
    try:
        return Settings(_env_file=env_files(), **given)
    except ValidationError as wrong:
        known = Settings.model_fields.items()
        named = {str(field.validation_alias or name): (variable(name), field) for name, field in known}
        raise SettingsError(sentences(wrong, named)) from None


def env_files() -> tuple[Path, ...]:
    """The files that are read besides the environment, the strongest last."""
    var = Path(os.environ.get(f"{PREFIX}VAR") or DEFAULT_VAR)
    return (var / "secrets.env", var / "running.env", Path(".env"))


def variable(name: str) -> str:
    """The environment variable of a field, or of its alias."""
    field = Settings.model_fields.get(name)
    alias = field.validation_alias if field else name
    return alias if isinstance(alias, str) else f"{PREFIX}{name.upper()}"


def _missing(name: str, because: str) -> ValueError:
    wanted = Settings.model_fields[name].description
    return ValueError(f"{variable(name)} is not set, but {because}. Give {wanted}.")


def _parts(value: SecretStr) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", value.get_secret_value()) if part)
