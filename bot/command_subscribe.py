"""The words after ``subscribe owner/repo``, in any order: what, where, when, how. Pure.

::

    in #channel · every friday 16:00 · cron "0 16 * * fri" · timezone Europe/Berlin · top 3 · min well done
    labels bug,ui · without labels deps · authors ada,grace · paths src/ docs/ · without paths vendor/
    person octocat · feed https://example.com/feed.xml · silent · live
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.command_words import Sort, Word
from bot.display import web_address
from bot.errors import UsageError
from bot.schedules import Schedule, read_schedule, read_zone
from bot.verdict import Doneness

MOST_TOP = 10
USUAL = Schedule(0, (16,), weekdays=(4,))
"""Friday at four, when nobody begins anything new anyway."""

_OPENERS = {
    "in": "channel",
    "channel": "channel",
    "every": "when",
    "each": "when",
    "on": "when",
    "at": "when",
    "daily": "when",
    "weekly": "when",
    "weekdays": "when",
    "cron": "when",
    "timezone": "zone",
    "tz": "zone",
    "zone": "zone",
    "top": "top",
    "best": "top",
    "min": "min",
    "least": "min",
    "doneness": "min",
    "label": "labels",
    "labels": "labels",
    "author": "authors",
    "authors": "authors",
    "path": "paths",
    "paths": "paths",
    "person": "person",
    "who": "person",
    "feed": "feed",
    "blog": "feed",
    "silent": "silent",
    "silently": "silent",
    "live": "live",
}
_NEGATIONS = frozenset({"without", "not", "except", "no"})
_SWITCHES = {"silent": "silent", "live": "at_merge"}
_LISTS = frozenset({"labels", "authors", "paths"})
_NOTHING = frozenset({"and", "with", "from", "of", "to", "please", "the"})


@dataclass
class Wish:
    """What was asked for; the rest stays as it usually is."""

    schedule: Schedule = USUAL
    zone: str = "UTC"
    channel: Word | None = None
    top: int = 3
    min_doneness: str = ""
    person: str = ""
    feed: str = ""
    options: dict[str, JsonValue] = field(default_factory=dict)


def read_wish(words: Sequence[Word], zone: str) -> Wish:
    """Read the words. Raises ``UsageError`` that says which were not understood."""
    wish = Wish(zone=zone)
    for name, negated, group in _groups(words):
        _take(wish, name, group, negated=negated)
    return wish


def _groups(words: Sequence[Word]) -> list[tuple[str, bool, list[Word]]]:
    """Cut the words where a new part begins: its name, whether it was negated, its own words."""
    groups: list[tuple[str, bool, list[Word]]] = []
    negated = False
    for word in words:
        opener = _OPENERS.get(word.folded.rstrip(":"), "") if word.sort is Sort.TEXT else ""
        if word.sort is Sort.TEXT and word.folded in _NEGATIONS:
            negated = True
        elif opener == "when" and groups and groups[-1][0] == "when":
            groups[-1][2].append(word)
        elif opener and not (opener == "min" and groups and groups[-1][0] == "min"):
            groups.append((opener, negated, [word] if opener == "when" else []))
            negated = False
        elif word.sort is Sort.CHANNEL:
            groups.append(("channel", False, [word]))
        elif groups and groups[-1][0] not in _SWITCHES:
            groups[-1][2].append(word)
        elif word.folded not in _NOTHING:
            groups.append(("when", False, [word]))
    return [one for one in groups if not (one[0] == "channel" and not one[2])]


def _take(wish: Wish, name: str, group: list[Word], *, negated: bool) -> None:
    text = " ".join(word.text for word in group).strip(" ,;\"'")
    if name in _SWITCHES:
        wish.options[_SWITCHES[name]] = not negated
    elif not text:
        raise UsageError(f"After “{name}” something is missing.", "help subscribe shows how it goes.")
    elif name in _LISTS:
        wish.options[f"not_{name}" if negated else name] = _listed(group)
    else:
        field_name, read = _READERS[name]
        setattr(wish, field_name, read(group))


def _top(group: list[Word]) -> int:
    word = group[0]
    if word.folded.isdecimal() and 1 <= int(word.folded[:4]) <= MOST_TOP:
        return int(word.folded)
    raise UsageError(f"“top {word.text[:20]}” is no number between 1 and {MOST_TOP}.")


def _when(group: list[Word]) -> Schedule:
    return read_schedule(" ".join(word.text for word in group if word.folded != "cron"))


def _zone(group: list[Word]) -> str:
    return read_zone(" ".join(word.text for word in group).strip(" ,;."))


def _person(group: list[Word]) -> str:
    return group[0].text.strip("@,.;")


def _doneness(group: list[Word]) -> str:
    text = " ".join(word.text for word in group)
    wanted = text.casefold().strip(" ,;.").replace("-", " ").replace("_", " ").removeprefix("doneness").strip()
    if wanted in set(Doneness):
        return wanted
    raise UsageError(f"“{text[:40]}” is no doneness.", f"There are {', '.join(Doneness)}.")


def _listed(group: list[Word]) -> JsonValue:
    parts = [part.strip("\"'") for word in group for part in word.text.split(",")]
    return list(dict.fromkeys(part for part in parts if part and part.casefold() not in _NOTHING))


def _feed(group: list[Word]) -> str:
    text = group[0].text
    address = web_address(text.strip(",;"))
    if not address:
        raise UsageError(f"“{text[:60]}” is no feed's address.", "It begins with https://.")
    return address


_READERS: dict[str, tuple[str, Callable[[list[Word]], object]]] = {
    "channel": ("channel", lambda group: group[0]),
    "when": ("schedule", _when),
    "zone": ("zone", _zone),
    "top": ("top", _top),
    "min": ("min_doneness", _doneness),
    "person": ("person", _person),
    "feed": ("feed", _feed),
}
