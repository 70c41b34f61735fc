"""What all pages share: the name and address of the log, the templates, the files with their lasting names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.devlog.views import label_of
from bot.display import plain

_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


@dataclass(frozen=True, slots=True)
class Look:
    """The log's name, and the address (no slash at its end) under which readers reach it."""

    title: str = "The dev log"
    address: str = "http://127.0.0.1:8080"
    contact: str = ""

    @property
    def base(self) -> str:
        """The path of the address, with a slash at its end."""
        return f"{urlsplit(self.address).path.rstrip('/')}/"

    @property
    def csp(self) -> str:
        """The policy for pages that no server of ours sends."""
        return CSP


def assets() -> dict[str, tuple[bytes, str]]:
    """Return the files that pages need: content and type, by a name that changes with the content."""
    return _assets()


@cache
def _assets() -> dict[str, tuple[bytes, str]]:
    found: dict[str, tuple[bytes, str]] = {}
    raw = {one.name: one.read_bytes() for one in files(__package__).joinpath("static").iterdir() if one.is_file()}
    named = {name: _lasting(name, body) for name, body in raw.items()}
    for name, body in raw.items():
        stem, dot, ending = name.rpartition(".")
        if stem and f"{dot}{ending}" in _MEDIA and ending != "css":
            found[named[name]] = body, _MEDIA[f".{ending}"]
    css = raw["log.css"]
    for name, lasting in named.items():
        css = css.replace(f"url({name})".encode(), f"url({lasting})".encode())
    found[_lasting("log.css", css)] = css, _MEDIA[".css"]
    return found


@cache
def asset(name: str) -> str:
    """Return the path of one of the files by its plain name."""
    stem, _, ending = name.rpartition(".")
    found = next(one for one in assets() if one.startswith(f"{stem}.") and one.endswith(f".{ending}"))
    return f"static/{found}"


def _lasting(name: str, body: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{ending}"


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped unless it is ``Markup`` of our own making."""
    made = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters["day"] = day
    made.filters["short"] = lambda moment: f"{moment.day} {moment:%b %Y}"
    made.filters["label"] = label_of
    made.filters["plain"] = plain
    return made


def day(moment: datetime) -> str:
    """Return 20 May 2026."""
    return f"{moment.day} {moment:%B %Y}"
