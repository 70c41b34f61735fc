"""Made-up weeks: merged pull requests and readings, as records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from bot.digest_choice import Reading
from bot.merged import Merged, MergedPull
from bot.pull_request import User
from bot.verdict import Doneness

FRIDAY = datetime(2026, 5, 22, 14, 0, tzinfo=UTC)
BEGIN = FRIDAY - timedelta(days=7)
AUTHORS = ("ada", "grace", "linus", "margaret", "ken", "barbara")


def pull(number: int = 7, author: str = "ada", **changes: object) -> MergedPull:
    """Return a merged pull request."""
    fields = {
        "number": number,
        "title": f"Add thing {number}",
        "user": User(login=author, is_bot=author.endswith("[bot]")),
        "merged_at": FRIDAY - timedelta(hours=number),
        "url": f"https://github.com/acme/soup/pull/{number}",
        "additions": 100,
        "deletions": 20,
        "changed_files": 3,
        "commits": 2,
        "reviews": 1,
        "comments": 1,
        "paths": (f"src/part{number % 5}/a.py",),
    }
    return MergedPull(**(fields | changes))  # type: ignore[arg-type]


def merged(*pulls: MergedPull, **changes: object) -> Merged:
    """Return a week of these."""
    fields = {"repository": "acme/soup", "since": BEGIN, "until": FRIDAY, "pulls": pulls}
    return Merged(**(fields | changes))  # type: ignore[arg-type]


def reading(number: int = 7, author: str = "ada", **changes: object) -> Reading:
    """Return what reading one in full found."""
    fields = {
        "number": number,
        "author": author,
        "score": 5.0,
        "doneness": Doneness.MEDIUM,
        "acquitted": False,
        "offences": ("bare_assert",),
        "roastable": 5.0,
        "folder": "src",
        "title": f"Add thing {number}",
    }
    return Reading(**(fields | changes))  # type: ignore[arg-type]


def week_by(seed: int, most: int = 30) -> list[MergedPull]:
    """Return the week of a seed: people and bots, large and small, mended and not, figures known or not."""
    dice = Random(seed)
    titles = (
        "Add soup",
        "fix: soup again",
        "chore(deps): bump salt from 1 to 2",
        'Revert "Add soup"',
        "fix #3",
        "Docs",
    )

    def some(options: Sequence[str], count: int) -> tuple[str, ...]:
        return tuple(dice.choices(options, k=dice.randint(0, count)))

    return [
        pull(
            number,
            dice.choice([*AUTHORS, "dependabot[bot]", "devin-ai-integration[bot]", "ghost"]),
            title=dice.choice(titles),
            additions=dice.choice([None, 0, 1, 70, 900, 100_000]),
            deletions=dice.choice([None, 0, 5, 400]),
            commits=dice.choice([None, 0, 1, 3, 250]),
            merged_at=BEGIN + timedelta(minutes=dice.randint(0, 7 * 24 * 60 - 1)),
            paths=some(["a/b/c.py", "a/d.py", "e/f.md", "g.lock"], 4),
            labels=some(["bug", "ui", "no-roast"], 2),
            subjects=some(["Add", "fix lint", "oops", "wip"], 9),
        )
        for number in range(1, dice.randint(0, most) + 1)
    ]


def weeks() -> st.SearchStrategy[list[MergedPull]]:
    """Draw a week. By its seed: drawing each field costs more than all that is tested."""
    return st.integers(0, 2**32).map(week_by)


def _readings_by(seed: int) -> list[Reading]:
    dice = Random(seed)
    return [
        reading(
            number,
            dice.choice(AUTHORS),
            acquitted=dice.random() < 0.3,
            doneness=dice.choice(list(Doneness)),
            roastable=round(dice.uniform(0, 12), 1),
            offences=tuple(dice.sample(["bare_assert", "fixup_train", "todo_left"], dice.randint(0, 3))),
            folder=dice.choice(["", "src/a", "src/b"]),
            praise=dice.choice(["", "Twelve tests, and they bite."]),
        )
        for number in range(1, dice.randint(0, 12) + 1)
    ]


def readings() -> st.SearchStrategy[list[Reading]]:
    """Draw what a dozen readings found."""
    return st.integers(0, 2**32).map(_readings_by)
