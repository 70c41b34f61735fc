"""The sections of the settings. What each one means to an operator stands in ``config/roast.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot.brief import Heat
from bot.errors import UsageError
from bot.schedules import read_schedule


class Section(BaseModel):
    """The base of every section: immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _http_url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        msg = "an address that begins with http:// or https:// is wanted"
        raise ValueError(msg)
    return text.rstrip("/")


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        msg = "a time zone's name is wanted, such as Europe/Berlin"
        raise ValueError(msg) from None
    return text


def _secret(value: object) -> object:
    """Read an empty secret as none at all, and drop the line break of a pasted one."""
    return (value.strip() or None) if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_http_url)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Secret = Annotated[SecretStr | None, BeforeValidator(_secret)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Roast(Section):
    """How a roast may sound, and how long it may be."""

    heat: Heat = Heat.MEDIUM
    mildest: Heat = Heat.MILD
    hottest: Heat = Heat.SPICY
    length: Literal["short", "long"] = "long"
    picture_theme: Literal["dark", "light"] = "dark"

    @model_validator(mode="after")
    def _bounds(self) -> Roast:
        if not self.mildest.rank <= self.heat.rank <= self.hottest.rank:
            bounds = f"mildest {self.mildest.value} and hottest {self.hottest.value}"
            msg = f"heat {self.heat.value} does not lie between {bounds}"
            raise ValueError(msg)
        return self

    def bounded(self, asked: Heat | None) -> Heat:
        """Return the heat that was asked for, or the usual one, moved inside the bounds."""
        heat = asked or self.heat
        return min(max(heat, self.mildest, key=lambda one: one.rank), self.hottest, key=lambda one: one.rank)


class GitHub(Section):
    """Where pull requests are read."""

    api_url: Address = "https://api.github.com"
    token: Secret = None
    timeout: Seconds = 30.0
    cache: bool = True
    webhook_secret: Secret = None


class Git(Section):
    """The git program that reads local clones."""

    timeout: Seconds = 120.0


class Model(Section):
    """The language model that writes, where one is wanted."""

    name: str = ""
    base_url: Address = ""
    api_key: Secret = None
    timeout: Seconds = 60.0
    prompt_tokens: int = Field(default=6000, ge=2500, le=100_000)
    output_tokens: int = Field(default=4000, ge=500, le=32_000)
    at_once: int = Field(default=2, ge=1, le=100)
    dollars_a_day: float = Field(default=0.0, ge=0)
    dollars_a_million_in: float = Field(default=0.0, ge=0)
    dollars_a_million_out: float = Field(default=0.0, ge=0)
    prompts: Path | None = None


class Store(Section):
    """Where verdicts, opt-outs and reactions are remembered."""

    url: str = ""
    connections: int = Field(default=12, ge=2, le=200)
    keep_days: int = Field(default=0, ge=0, le=36_500)


class Slack(Section):
    """The Slack app."""

    bot_token: Secret = None
    app_token: Secret = None
    signing_secret: Secret = None
    base_url: Address = "https://slack.com/api"
    command: str = Field(default="/roast", pattern=r"^/[a-z0-9_-]{1,31}$")
    client_id: str = ""
    client_secret: Secret = None
    scopes: tuple[str, ...] = ()
    confirm_by_mail: bool = False

    @property
    def installs(self) -> bool:
        """Whether workspaces install the app themselves, each with a token of its own."""
        return bool(self.client_id)

    @property
    def configured(self) -> bool:
        """Whether there is anything to begin with."""
        return self.installs or self.bot_token is not None


class Discord(Section):
    """The Discord application."""

    token: Secret = None
    base_url: Address = "https://discord.com/api/v10"


class Web(Section):
    """The web side of ``roast-bot serve``."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: Address = ""
    worker_port: int = Field(default=0, ge=0, le=65535)
    linger: float = Field(default=0.0, ge=0, le=60)
    metrics_token: Secret = None


class Devlog(Section):
    """The dev log: what of the roasts is published, and when."""

    publish: Literal["nothing", "headlines", "all"] = "nothing"
    delay_hours: float = Field(default=24.0, ge=0, le=720)
    known_public: tuple[str, ...] = ()
    title: str = Field(default="The dev log", min_length=1, max_length=80)
    admin_token: Secret = None


def _schedule(text: str) -> str:
    try:
        read_schedule(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


class DigestEntry(Section):
    """A regular digest that the operator asks for."""

    place: str = Field(pattern=r"^[^/\s]+/[^/\s]+/[^/\s]+$")
    repository: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")
    schedule: Annotated[str, AfterValidator(_schedule)] = "every friday 16:00"
    timezone: TimeZone | Literal[""] = ""
    top: int = Field(default=3, ge=1, le=10)
    min_doneness: Literal["", "rare", "medium", "well done", "charcoal"] = ""
    person: str = ""
    feed: str = ""
    labels: tuple[str, ...] = ()
    not_labels: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    silent: bool = False
    at_merge: bool = False


def _git_address(text: str) -> str:
    if text.startswith("-") or "::" in text:
        msg = "the address of a git repository is wanted: https://…, ssh://…, git@host:path, or a path"
        raise ValueError(msg)
    return text


def _folder_inside(text: str) -> str:
    clean = text.strip("/")
    if any(part in {"..", ".git", "."} for part in clean.split("/")):
        msg = "a folder inside of the repository is wanted"
        raise ValueError(msg)
    return clean


class Export(Section):
    """Posts for another log: as what, and where to."""

    format: Literal["hugo", "jekyll", "astro", "mkdocs"] = "hugo"
    front_matter: Literal["", "toml", "yaml"] = ""
    repository: Annotated[str, AfterValidator(_git_address)] = ""
    folder: Annotated[str, AfterValidator(_folder_inside)] = ""
    branch: str = Field(default="roast-bot", pattern=r"^([A-Za-z0-9][A-Za-z0-9._/-]{0,100})?$")
    author: str = "roast-bot"
    template: Path | None = None


class Scheduler(Section):
    """Who runs what is due at a time, and what is due by the operator's own wish."""

    enabled: bool = True
    time_zone: TimeZone = "UTC"
    grace_hours: float = Field(default=12.0, ge=0, le=168)
    patience_hours: float = Field(default=24.0, gt=0, le=168)
    most_a_day: int = Field(default=100, ge=0)
    most_a_channel: int = Field(default=20, ge=0)
    most_a_workspace: int = Field(default=100, ge=0)
    digests: tuple[DigestEntry, ...] = ()


class Queue(Section):
    """How many roasts may run and wait, and who works them off."""

    engine: Literal["embedded", "procrastinate"] = "embedded"
    workers: int = Field(default=2, ge=0, le=64)
    most_waiting: int = Field(default=100, ge=1)
    most_each: int = Field(default=0, ge=0)
    queues: tuple[Literal["answer", "digest", "publish"], ...] = ()
    listen: bool = True
    poll: Seconds = 1.0
    dead_after: Seconds = 30.0
    drain: Seconds = 5.0

    @model_validator(mode="after")
    def _somebody_works(self) -> Queue:
        if self.engine == "embedded" and not self.workers:
            msg = "workers may be 0 only with the engine procrastinate, where other processes work"
            raise ValueError(msg)
        return self


class Privacy(Section):
    """Whom and what the bot leaves alone."""

    opted_out: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    private_for: tuple[Annotated[str, Field(pattern=r"^(slack|discord)/[^/\s]+$")], ...] = ()
    skip_label: str = "no-roast"


class Reactions(Section):
    """What reactions mean."""

    emoji: dict[str, Literal["funny", "true", "harsh", "dull", "wrong", "thanks", "nothing"]] = Field(
        default_factory=dict
    )


class Rules(Section):
    """Structural rules of the operator's own."""

    folder: Path | None = None


class Log(Section):
    """What the log says, and in what form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"
