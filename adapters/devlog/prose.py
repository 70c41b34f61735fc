"""Words that came from outside as safe HTML: everything is escaped, and links lead to the pull request's host alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from pygments import highlight as paint
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, find_lexer_class_for_filename
from pygments.util import ClassNotFound

from bot.display import block, plain, web_address
from bot.exhibit import Exhibit, Where

_LONGEST_QUOTE = 1_200
_MOST_LINES = 14
_SPAN = re.compile(r"`([^`\n]+)`")
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_NUMBER = re.compile(r"(?<![\w/&#;])#(\d{1,9})\b")
_SHA = re.compile(r"^[0-9a-f]{7,40}$")
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_ONE_AT_A_TIME = Lock()
"""Pages are made in threads, and some of Pygments' lexers keep their state in themselves."""


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses that a roast may lead to, all on ``host``: by what stands in its words."""

    host: str = ""
    repository: str = ""
    by_word: dict[str, str] = field(default_factory=dict)

    def safe(self, url: str) -> str:
        """Return an address if it is on the pull request's host, else nothing."""
        address = web_address(url)
        return address if self.host and address and urlsplit(address).netloc.lower() == self.host else ""

    def of(self, word: str) -> str:
        """Return where a word in a code span leads: a path, or a commit by (a part of) its name."""
        found = self.by_word.get(word, "")
        if not found and _SHA.match(word):
            found = next((url for key, url in self.by_word.items() if _SHA.match(key) and key.startswith(word)), "")
        return found


def links_of(url: str, exhibits: Iterable[Exhibit]) -> Links:
    """Return the links of a roast on the pull request at ``url``: its files and commits, as its receipts know them."""
    address = web_address(url)
    if not address:
        return Links()
    parts = urlsplit(address)
    links = Links(parts.netloc.lower(), address.partition("/pull/")[0] if "/pull/" in address else "")
    for item in exhibits:
        for one in item.receipts:
            there = links.safe(one.url)
            if not there:
                continue
            if one.path and one.where in {Where.FILE, Where.BASE_FILE, Where.COMMIT_FILE}:
                links.by_word.setdefault(one.path, there)
                links.by_word.setdefault(one.path.rpartition("/")[2], there)
            if one.sha and one.where is Where.COMMIT:
                links.by_word.setdefault(one.sha, there)
    return links


def anchor(url: str, inner: Markup | str) -> Markup:
    """Return a link out of the house."""
    return Markup('<a href="{}" rel="noopener nofollow ugc">{}</a>').format(url, inner)


def prose(text: str, links: Links) -> Markup:
    """Return a paragraph: code spans, emphasis, numbers of pull requests and names of files and commits as links."""
    parts: list[Markup] = []
    for index, part in enumerate(_SPAN.split(plain(text))):
        if index % 2:
            code, there = Markup("<code>{}</code>").format(part), links.of(part)
            parts.append(anchor(there, code) if there else code)
        else:
            parts.append(_words(part, links))
    return Markup("").join(parts)


def _words(text: str, links: Links) -> Markup:
    safe = _EMPHASIS.sub(r"<em>\1</em>", str(escape(text)))
    if links.repository:
        there = links.repository

        def number(found: re.Match[str]) -> str:
            return str(anchor(f"{there}/pull/{found[1]}", found[0]))

        safe = _NUMBER.sub(number, safe)
    return Markup(safe)  # noqa: S704 - escaped above, and only our own tags were added


def without_marks(text: str) -> str:
    """Return a paragraph as plain words, for descriptions and indexes."""
    return _EMPHASIS.sub(r"\1", plain(text).replace("`", ""))


def quoted(quote: str, path: str | None) -> Markup:
    """Return a quotation of code in colours (classes, no styles), cut where it is long."""
    lines = block(quote)[:_LONGEST_QUOTE].rstrip("\n").split("\n")
    text = "\n".join(lines[:_MOST_LINES]) + ("\n…" if len(lines) > _MOST_LINES else "")
    with _ONE_AT_A_TIME:
        painted = paint(text, _lexer(_suffix(path)), _FORMATTER)
    # Pygments escapes; what it adds are spans with classes.
    return Markup(painted.rstrip("\n"))  # noqa: S704


def _suffix(path: str | None) -> str:
    name = (path or "").rpartition("/")[2]
    return name if name in {"Dockerfile", "Makefile"} else f"x.{name.rpartition('.')[2]}" if "." in name else ""


@lru_cache(maxsize=256)
def _lexer(name: str) -> Lexer:
    found: Any = TextLexer
    with suppress(ClassNotFound):
        found = find_lexer_class_for_filename(name) or TextLexer
    made: Lexer = found(stripnl=False)
    return made
