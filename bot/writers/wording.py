"""Wording apart from logic: lines in TOML, as templates over the facts of one exhibit.

A file ``lines/<kind>.toml`` holds tables by slot (title, gist, body, punchline, epithet, …) and in each, lists by
heat. A line is a string, or a table with ``text`` and ``when`` (an expression over the same facts). A line that names
a fact which the exhibit does not have, or whose ``when`` is false, is simply not to be had for that exhibit.
Templates are Jinja's (https://jinja.palletsprojects.com/en/stable/templates/) in its sandbox, with the filters below.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.brief import Heat
from bot.cleaning import written
from bot.errors import SettingsError
from bot.names import job

SLOTS = frozenset(
    "title gist body short punchline epithet lede opening bridge landing closing acquittal greeting wanted deed built"
    " bill bump plain also why stakes plain_gist plain_title plain_epithet plain_punchline".split()
)
_WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_TIMES = {0: "never", 1: "once", 2: "twice"}
_LONGEST_QUOTE = 110
_LONGEST_SENTENCE = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One line of wording. ``key`` names it in a channel's history; it changes when the text does."""

    key: str
    slot: str
    heat: Heat
    text: str
    when: str = ""


@dataclass(frozen=True)
class Wording:
    """All lines of one kind (or one motif's part), by slot."""

    name: str
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    def slot(self, name: str) -> tuple[Line, ...]:
        """Return the lines of one slot, of every heat."""
        return self.lines.get(name, ())


def parse_wording(name: str, table: Mapping[str, Any], where: str) -> Wording:
    """Return the wording of one TOML table. Raises ``SettingsError`` naming file, slot and heat."""
    lines: dict[str, tuple[Line, ...]] = {}
    for slot, heats in table.items():
        lines[slot] = tuple(_lines(name, slot, heats, where))
    return Wording(name, lines)


def _lines(name: str, slot: str, heats: Any, where: str) -> Iterator[Line]:
    if not isinstance(heats, dict):
        raise SettingsError(f"{where}: [{slot}] is no table of heats.", 'Write mild, medium or spicy = ["…"].')
    for heat, items in heats.items():
        if heat not in set(Heat) or not isinstance(items, list):
            raise SettingsError(f"{where}: [{slot}] {heat} is no heat with a list.", "Write mild, medium or spicy.")
        for item in items:
            text, when = (item, "") if isinstance(item, str) else (item.get("text", ""), item.get("when", ""))
            text = " ".join(text.split())
            digest = hashlib.sha256(text.encode()).hexdigest()[:8]
            yield Line(f"{name}.{slot}.{digest}", slot, Heat(heat), text, when)


@cache
def wording_of(kind: str) -> Wording:
    """Return the wording of an offence, credit or the story itself (``_story``); empty where there is no file."""
    path = files("bot.writers").joinpath("lines", f"{kind}.toml")
    if not path.is_file():
        return Wording(kind)
    return parse_wording(kind, tomllib.loads(path.read_text(encoding="utf-8")), f"lines/{kind}.toml")


def render(line: Line, facts: Mapping[str, Any]) -> str | None:
    """Return the line filled with these facts, or nothing where it does not fit them."""
    try:
        if line.when and not _condition(line.when)(**facts):
            return None
        text = _template(line.text).render(**facts)
    except (TemplateError, TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, AttributeError):
        return None
    return " ".join(text.split()) or None


@lru_cache(maxsize=4096)
def _template(text: str) -> Any:
    return ENVIRONMENT.from_string(text)


@lru_cache(maxsize=1024)
def _condition(expression: str) -> Callable[..., Any]:
    return ENVIRONMENT.compile_expression(expression, undefined_to_none=True)


def num(value: Any) -> str:
    """Return "three" for 3, "1,455" for 1455."""
    count = int(value)
    return _WORDS[count] if 0 <= count < len(_WORDS) else f"{count:,}"


def some(value: Any) -> str:
    """Return a count that stands without its noun: "none" for 0, else as ``num``."""
    return num(value) if int(value) else "none"


def counted(value: Any, noun: str, plural: str = "") -> str:
    """Return "three asserts": ``{{ 3|n("assert") }}``."""
    return f"{num(value)} {noun if int(value) == 1 else plural or noun + 's'}"


def cap(text: Any) -> str:
    """Return the text with its first letter raised, unless it starts with a code span or a quotation."""
    string = str(text)
    return string[:1].upper() + string[1:]


def code(value: Any) -> str:
    """Return a name or a line as a code span, without backticks of its own; a long one ends in an ellipsis."""
    text = _one_line(value).replace("`", "")
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return f"`{text}`"


def quoted(value: Any) -> str:
    """Return a quotation in curly quotes, letter by letter; a long one ends at a word with an ellipsis.

    What could not be shown letter by letter, such as a link or a mention, cannot be quoted: ``ValueError``, and with
    it the line does not fit.
    """
    text = _quotable(value)
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE].rsplit(" ", 1)[0]
        if text.count("`") % 2:  # a cut inside a code span would leave half of it
            text = text.rpartition("`")[0].rstrip()
        text = text.rstrip(",;:") + " …"
    return f"“{text}”"


def whole(value: Any) -> str:
    """Return a sentence in curly quotes, letter by letter and uncut; ``ValueError`` where that is too long to read."""
    text = _quotable(value)
    if not 0 < len(text) <= _LONGEST_SENTENCE:
        msg = "too long to be quoted whole"
        raise ValueError(msg)
    return f"“{text}”"


def _quotable(value: Any) -> str:
    text = _one_line(value).replace("“", "'").replace("”", "'").strip()
    if written(text) != text:
        msg = "this cannot be shown letter by letter"
        raise ValueError(msg)
    return text


def series(values: Any, joint: str = "and") -> str:
    """Return "a, b and c"."""
    items = [str(value) for value in values]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {joint} {items[-1]}" if items else ""


def base(path: Any) -> str:
    """Return the last part of a path."""
    return str(path).rstrip("/").rsplit("/", 1)[-1]


def times(value: Any) -> str:
    """Return "once", "twice", "three times"."""
    return _TIMES.get(int(value), f"{num(value)} times")


def ordinal(value: Any) -> str:
    """Return "third" for 3, "21st" for 21."""
    count = int(value)
    if 0 <= count < len(_ORDINALS):
        return _ORDINALS[count]
    ending = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def says(text: Any, words: str) -> bool:
    """Return whether a text has one of these words, whole and in any case: ``title|says('race races')``."""
    return not set(words.split()).isdisjoint(re.findall(r"[a-z0-9-]+", str(text).lower()))


def sharp(value: Any) -> str:
    """Return "#7"; ``ValueError`` for a commit that has no number, so that a line which names it does not fit."""
    if not int(value):
        msg = "no number"
        raise ValueError(msg)
    return f"#{int(value)}"


def end(text: Any) -> str:
    """Return a quotation or code span as it ends a sentence: with a full stop, unless it brings its own."""
    string = str(text)
    return string if string.endswith("”") and string[-2:-1] in ".?!…" else f"{string}."


def _one_line(value: Any) -> str:
    return re.sub(r"\s+", " ", str(value)).strip()


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters.update(
        num=num, n=counted, cap=cap, code=code, q=quoted, series=series, base=base, times=times, ord=ordinal,
        codes=lambda values: [code(value) for value in values],
        job=job,
        whole=whole,
        some=some,
        end=end,
        quotes=lambda values: [quoted(value) for value in values],
        sharp=sharp,
        says=says,
        word=lambda value, one, many: one if int(value) == 1 else many,
        an=lambda text: f"{'an' if str(text).lstrip('`“')[:1].lower() in 'aeiou' else 'a'} {text}",
    )  # fmt: skip
    environment.globals.clear()
    return environment


ENVIRONMENT = _environment()
