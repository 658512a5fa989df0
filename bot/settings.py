"""What the bot must be told before it starts: environment variables, or lines of a file of the same names."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.engine import connecting
from storage.files import sealing
from storage.files.blobs import BlobStore
from storage.record import signing
from storage.record.signing import Signer

SETTINGS_FILE = "deskaudit.env"
SECRET_LENGTH = 32
MAIL_SERVERS = frozenset({"smtp", "smtps", "smtp+starttls"})
STORES = frozenset({"file", "memory", "s3", "gs", "az"})
NAMED_BY = "DESKAUDIT_SETTINGS"
"""The variable that names another settings file."""


class SettingsWrong(Exception):
    """The bot was not started: settings are missing or malformed. One sentence each, never with the value."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


_ADDRESS = re.compile(r"[^\s@,<>]+@[^\s@,<>]+")

Known = TypeVar("Known", bound="Places")


def _begins(prefix: str) -> AfterValidator:
    def checked(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError(f"begins with {prefix}")
        return secret

    return AfterValidator(checked)


def _a_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("is a URL")
    return value if value.endswith("/") else f"{value}/"


def _a_database(value: str) -> str:
    connecting.database_url(value)
    return value


def _a_store(value: str) -> str:
    scheme, separator, _ = value.partition("://")
    if separator and scheme not in STORES:
        raise ValueError("is a kind of store that is not known")
    return value


def _keys(secret: SecretStr) -> SecretStr:
    sealing.keys(secret.get_secret_value())
    return secret


def _a_signing_key(secret: SecretStr) -> SecretStr:
    signing.signer(secret.get_secret_value())
    return secret


def _addresses(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    addresses = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(_ADDRESS.fullmatch(each) for each in addresses):
        raise ValueError("is a list of mail addresses")
    return addresses


def _a_web_address(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().startswith(("https://", "http://")):
        raise ValueError("is a URL")
    return secret


def _a_mail_server(secret: SecretStr) -> SecretStr:
    server = urlsplit(secret.get_secret_value())
    if server.scheme not in MAIL_SERVERS or not server.hostname:
        raise ValueError("is the URL of a mail server")
    return secret


def _person_ids(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    ids = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(each[0] in "UW" and each.isalnum() and each.isupper() for each in ids):
        raise ValueError("is a list of Slack ids")
    return ids


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SECRET_LENGTH:
        raise ValueError("is too short to be a secret")
    return secret


def _hosts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if any(set(each) & set("/:@ ?#") for each in hosts):
        raise ValueError("is a list of host names")
    return hosts


class Places(BaseSettings):
    """Where the record is kept: all that is needed to look at a database and a store, without any Slack."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    bot_token: SecretStr | None = Field(default=None, alias="SLACK_BOT_TOKEN")
    database_url: Annotated[str, AfterValidator(_a_database)] = Field(
        default="sqlite:///var/deskaudit.db",
        pattern=r"^(sqlite|postgres(ql)?(\+\w+)?)://",
        alias="DESKAUDIT_DATABASE_URL",
        description="It is like sqlite:///var/deskaudit.db or postgresql://user:password@host/name.",
    )
    evidence_url: Annotated[str, AfterValidator(_a_store)] = Field(
        default="var/evidence",
        alias="DESKAUDIT_EVIDENCE_URL",
        description="It is a folder such as var/evidence, or a bucket such as s3://bucket/prefix.",
    )
    evidence_key: Annotated[SecretStr, AfterValidator(_keys)] | None = Field(
        default=None,
        alias="DESKAUDIT_EVIDENCE_KEY",
        description="It is a name and 64 hexadecimal digits, such as 2026:… with what `openssl rand -hex 32` prints; "
        "separate several with commas; the first one encrypts.",
    )
    signing_key: Annotated[SecretStr, AfterValidator(_a_signing_key)] | None = Field(
        default=None,
        alias="DESKAUDIT_SIGNING_KEY",
        description="It is the secret half of a key as `deskaudit key` prints it: 64 hexadecimal digits. Packs and "
        "published heads of the trail are signed with it.",
    )

    def evidence_store(self) -> BlobStore:
        """The store for evidence, with the keys for it; a folder that is not there is made."""
        return BlobStore.open(self.evidence_url, self._keys())

    def existing_store(self) -> BlobStore:
        """The same for whoever looks at what is kept. Raises `StoreMissing` where nothing is."""
        return BlobStore.open_existing(self.evidence_url, self._keys())

    def _keys(self) -> Sequence[sealing.Key]:
        return sealing.keys(self.evidence_key.get_secret_value()) if self.evidence_key else ()

    def signer(self) -> Signer | None:
        """Who signs for the organisation, if anybody does."""
        return signing.signer(self.signing_key.get_secret_value()) if self.signing_key else None


class Settings(Places):
    """The settings, checked. Secrets do not show when printed; the descriptions say what belongs where."""

    bot_token: Annotated[SecretStr, _begins("xoxb-")] = Field(
        alias="SLACK_BOT_TOKEN",
        description="It begins with xoxb- and is shown on the app's page under “OAuth & Permissions”.",
    )
    app_token: Annotated[SecretStr, _begins("xapp-")] | None = Field(
        default=None,
        alias="SLACK_APP_TOKEN",
        description="It begins with xapp-, has the scope connections:write and is on the app's page under "
        "“Basic Information”, “App-Level Tokens”. Leave it out only to use HTTP.",
    )
    signing_secret: SecretStr | None = Field(
        default=None,
        alias="SLACK_SIGNING_SECRET",
        description="Without SLACK_APP_TOKEN it is needed to tell Slack's requests from forged ones. It is on the "
        "app's page under “Basic Information”, “App Credentials”.",
    )
    slack_api_url: Annotated[str, AfterValidator(_a_url)] = Field(
        default="https://slack.com/api/",
        alias="SLACK_API_URL",
        description="It is the address of Slack's Web API, such as https://slack.com/api/; leave it out for Slack.",
    )
    leads: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_person_ids)] = Field(
        default=(),
        alias="DESKAUDIT_LEADS",
        description="It is a comma-separated list of Slack member ids like U012ABCDEF; “Copy member ID” is in the "
        "menu of every Slack profile.",
    )
    host: str = Field(
        default="127.0.0.1",
        alias="DESKAUDIT_HOST",
        description="It is the address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for every network.",
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        alias="DESKAUDIT_PORT",
        description="It is the number of the port for everything that is asked over HTTP, from 0 to 65535.",
    )
    health_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        alias="DESKAUDIT_HEALTH_PORT",
        description="It is the number of a port of its own for /healthz, /readyz and /metrics, from 0 to 65535; leave "
        "it out to have them on DESKAUDIT_PORT.",
    )
    public_url: Annotated[str, AfterValidator(_a_url)] | None = Field(
        default=None,
        alias="DESKAUDIT_PUBLIC_URL",
        description="It is the address under which calendar programs and auditors reach that port, such as "
        "https://deskaudit.example.org/; leave it out if they can reach it directly.",
    )
    machine_secret: Annotated[SecretStr, AfterValidator(_long_enough)] | None = Field(
        default=None,
        alias="DESKAUDIT_MACHINE_SECRET",
        description="It is a random text of 32 characters or more, such as `openssl rand -hex 32` prints; the keys "
        "with which machines add evidence are derived from it, and stop working when it changes.",
    )
    fetch_links: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)] = Field(
        default=(),
        alias="DESKAUDIT_FETCH_LINKS",
        description="It is a comma-separated list of the hosts from which links are fetched as evidence, such as "
        "status.example.org,*.example.com, or * for every public one; without it, only the address of a link is kept.",
    )
    fetch_plain_http: bool = Field(
        default=False,
        alias="DESKAUDIT_FETCH_PLAIN_HTTP",
        description="It is true or false: whether http:// links are fetched too.",
    )
    fetch_most_mb: int = Field(
        default=50,
        ge=1,
        alias="DESKAUDIT_FETCH_MOST_MB",
        description="It is the most megabytes fetched from a link or a probe; 50 by default.",
    )
    evidence_most_mb: int = Field(
        default=2_000,
        ge=1,
        alias="DESKAUDIT_EVIDENCE_MOST_MB",
        description="It is how large an evidence file may be, in megabytes; 2000 by default.",
    )
    witness_mail: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)] = Field(
        default=(),
        alias="DESKAUDIT_WITNESS_MAIL",
        description="It is a comma separated list of mail addresses outside, such as your auditor's, which are told of "
        "every published head of the trail; DESKAUDIT_SMTP_URL says how.",
    )
    witness_url: Annotated[SecretStr, AfterValidator(_a_web_address)] | None = Field(
        default=None,
        alias="DESKAUDIT_WITNESS_URL",
        description="It is an address, https://…, to which every published head of the trail is posted as JSON.",
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_a_mail_server)] | None = Field(
        default=None,
        alias="DESKAUDIT_SMTP_URL",
        description="It is like smtps://user:password@mail.example.org:465, smtp+starttls://… or smtp://….",
    )
    mail_from: str = Field(
        default="deskaudit@localhost",
        alias="DESKAUDIT_MAIL_FROM",
        description="It is the address that mails come from.",
    )
    ladders: Path | None = Field(
        default=None,
        alias="DESKAUDIT_LADDERS",
        description="It is the path of a YAML file that says who is reminded when, in place of the built-in ladders.",
    )
    probes: Path | None = Field(
        default=None,
        alias="DESKAUDIT_PROBES",
        description="It is the path of a YAML file that says which addresses to check, when, and what to expect.",
    )
    clock_url: Annotated[str, AfterValidator(_a_url)] | None = Field(
        default=None,
        alias="DESKAUDIT_CLOCK_URL",
        description="It is the address of the demo's clock; leave it out outside the demo.",
    )
    stop_seconds: float = Field(
        default=8.0,
        ge=1.0,
        alias="DESKAUDIT_STOP_SECONDS",
        description="It is how many seconds the bot takes to stop at most, such as 8; who stops it has to wait longer.",
    )
    log_level: str = Field(
        default="info",
        pattern="^(?i:debug|info|warning|error)$",
        alias="DESKAUDIT_LOG_LEVEL",
        description="It is one of debug, info, warning and error.",
    )

    @property
    def reached_at(self) -> str:
        """The address of the port as others know it, with a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}/"

    @model_validator(mode="after")
    def _http_needs_a_secret(self) -> Self:
        if self.app_token is None and self.signing_secret is None:
            raise ValueError("SLACK_SIGNING_SECRET")
        return self

    @model_validator(mode="after")
    def _mails_need_a_server(self) -> Self:
        if self.witness_mail and self.smtp_url is None:
            raise ValueError("DESKAUDIT_SMTP_URL")
        return self


def load(given: Mapping[str, str] = MappingProxyType({})) -> Settings:
    """The settings: first what is `given` by variable name, then the environment, then the settings file.

    Raises `SettingsWrong` with a sentence for every variable that is missing or malformed.
    """
    return _load(Settings, given)


def load_places() -> Places:
    """Where the record is kept, for whoever only looks at it. Raises `SettingsWrong` as `load` does."""
    return _load(Places, {})


def _load(wanted: type[Known], given: Mapping[str, str]) -> Known:
    file = os.environ.get(NAMED_BY, SETTINGS_FILE)
    values: dict[str, Any] = dict(given)
    try:
        return wanted(_env_file=file, **values)
    except ValidationError as error:
        sentences = [_sentence(fault) for fault in error.errors()]
        missing = [f"{NAMED_BY} names a settings file that does not exist."] if not Path(file).exists() else []
        raise SettingsWrong(sentences + (missing if NAMED_BY in os.environ else [])) from None


def _sentence(fault: Mapping[str, Any]) -> str:
    # A fault of the whole names its variable itself; the value is left out on purpose, since it may be a secret.
    missing = fault["type"] == "missing" or not fault["loc"]
    name = fault["loc"][0] if fault["loc"] else str(fault["ctx"]["error"])
    described = {field.alias: field.description for field in Settings.model_fields.values()}
    return f"{name} {'is missing' if missing else 'is not as it should be'}. {described[name]}"
