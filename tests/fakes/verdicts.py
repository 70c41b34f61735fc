"""A verdict to draw: whole, and easily varied."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.brief import Heat, Role, Subject
from bot.case import Coverage
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.verdict import Doneness, Moment, Paragraph, Verdict, WriterInfo

URL = "https://example.com/kitchen/barista/pull/42"
START = datetime(2026, 9, 14, 8, 2, tzinfo=UTC)
HOURS = (0, 0.5, 2.2, 3.6, 4, 6.3, 7, 8.5, 24, 24.1, 25.4, 26, 26.7)
REPAIRS = {1, 4, 6, 11, 12}


def exhibit(key: str, kind: str, stance: Stance, weight: float, summary: str, **rest: Any) -> Exhibit:
    """Return an exhibit with one receipt in a file."""
    receipt = Receipt(
        where=Where.FILE, path="barista/lease.py", line=12, sha="1a2b3c4d5e6f", quote="assert machine is not None",
        url="https://example.com/kitchen/barista/blob/1a2b3c4d5e6f/barista/lease.py#L12",
    )  # fmt: skip
    fields = {"stands_in": StandsIn.MERGED, "receipts": (receipt,), **rest}
    return Exhibit(id=key, kind=kind, stance=stance, weight=weight, summary=summary, **fields)


def size(additions: int = 1455, deletions: int = 53, files: int = 8, commits: int = 13) -> Exhibit:
    """Return the exhibit of the figures."""
    facts = {"additions": additions, "deletions": deletions, "files": files, "commits": commits}
    return exhibit("X1", "size", Stance.CONTEXT, 0, "The figures.", facts=facts)


def moments() -> tuple[Moment, ...]:
    """Return thirteen commits in two days, five of them repairs, one a merge."""
    return tuple(
        Moment(sha=f"{n:040x}", at=START + timedelta(hours=hours), is_merge=n == 8, is_repair=n in REPAIRS)
        for n, hours in enumerate(HOURS)
    )


def verdict(**changes: Any) -> Verdict:
    """Return a verdict like one that people see; ``changes`` replace its fields."""
    fields: dict[str, Any] = {
        "pull_request": "kitchen/barista#42",
        "url": URL,
        "subject": Subject(
            slug="kitchen/barista#42", number=42, title="Make the coffee queue fair", url=URL, author="mio-lungo",
            merged_on="15 September", took="26 hours",
        ),
        "title": "All Those in Favour of Espresso",
        "gist": "The grinder and the milk now vote before anybody gets coffee. The milk abstains.",
        "paragraphs": (
            Paragraph(text="`serve_cup` asserts that *nothing* is None.", role=Role.LEDE, exhibits=("E1",)),
            Paragraph(text="The race is handled, and handled well.", role=Role.CREDIT, exhibits=("C1",)),
        ),
        "epithet": "The Parliament of Beans",
        "punchline": "Motion carried, cup dropped.",
        "doneness": Doneness.WELL_DONE,
        "score": 6.8,
        "acquitted": False,
        "heat": Heat.MEDIUM,
        "exhibits": (
            size(),
            exhibit("E1", "bare_assert", Stance.CHARGE, 6.6, "`serve_cup` guards production code with three asserts."),
            exhibit("E2", "tug_of_war", Stance.CHARGE, 7.1, "Harden three times, Simplify two times."),
            exhibit("C1", "races_handled", Stance.CREDIT, 5, "A taken lease is read again, and raised if lost."),
        ),
        "coverage": Coverage(files_read=8, files_total=8, commits_read=13, commits_total=13, comments_read=9),
        "writer": WriterInfo(name="house"),
        "timeline": moments(),
    }  # fmt: skip
    return Verdict(**{**fields, **changes})
