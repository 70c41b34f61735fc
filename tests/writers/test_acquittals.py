"""Acquittals: they tell what only this pull request has, quote nothing of another, and accuse nobody."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "detectors"))

from build import build

from bot.brief import Brief, Heat, History
from bot.case import Case
from bot.casting import cast, subject_of
from bot.doneness import is_acquitted
from bot.observations import OBSERVED
from bot.receipts import check
from bot.trial import examine
from bot.verdict import Draft
from bot.writers.house import HouseWriter

BEFORE = "import tide\n\nWAIT = 30\n\ndef ring(bell):\n    return bell.ring()\n"
AFTER = (
    "import tide\n\nWAIT = 45\n\ndef ring(bell):\n    # we do not trust the tide table yet\n    if tide.is_out():\n"
    "        raise tide.Ebb('the boat must not leave at low tide')\n    return bell.ring()\n"
)
A_CASE: dict[str, Any] = {
    "pull_request": {"title": "Ring the bell at high tide", "created_at": "2026-03-01 09:00", "merged_at": "2026-05-02 09:00"},
    "files": [{"path": "src/harbour/bell.py", "before": BEFORE, "after": AFTER}],
    "commits": [
        {"message": "Ring the bell at high tide", "at": "2026-03-01 09:00", "files": [{"path": "a.py", "additions": 9, "deletions": 1}]},
        {"message": "oops", "at": "2026-03-02 09:00", "files": [{"path": "a.py", "additions": 3, "deletions": 1}]},
        {"message": "run linter", "at": "2026-03-03 09:00", "files": [{"path": "a.py", "additions": 1, "deletions": 1}]},
    ],
}  # fmt: skip


def _told(case: Case, history: History | None = None) -> tuple[Brief, Draft]:
    brief = cast(case, examine(case), heat=Heat.MEDIUM, history=history)
    return brief, HouseWriter().compose(brief)


def _text(draft: Draft) -> str:
    return " ".join(item.text for item in draft.paragraphs)


def test_it_tells_what_only_this_one_has() -> None:
    """Two observations or three are told, each cited by the paragraph that tells it, and all of it is proven."""
    brief, draft = _told(build(A_CASE))
    observed = {item.id: item for item in brief.context if item.kind in OBSERVED}
    cited = [key for item in draft.paragraphs for key in item.exhibits if key in observed]
    assert brief.acquitted
    assert 2 <= len(cited) == len(set(cited)) <= 3
    assert not check(draft, brief).objections
    assert 50 <= len(_text(draft).split()) <= 130


def test_the_short_parts_play_on_it_too() -> None:
    """Title and punchline come from the wording of an observation."""
    _, draft = _told(build(A_CASE))
    slots = {key.split(".")[1]: key.split(".")[0] for key in draft.lines}
    assert {slots["title"], slots["punchline"], slots["epithet"]} <= OBSERVED


def test_it_is_the_same_each_time() -> None:
    """The same case gives the same acquittal, down to the lines that were chosen."""
    _, one = _told(build(A_CASE))
    _, two = _told(build(A_CASE))
    assert one == two
    assert one.lines


def test_a_channel_that_has_heard_it_hears_it_otherwise() -> None:
    """Told again and again in one channel, no line of wording comes back; when all are told, the fact itself remains."""
    history = History()
    case = build(A_CASE)
    for _ in range(12):
        brief, draft = _told(case, history)
        assert not set(draft.lines) & set(history.lines)
        assert not check(draft, brief).objections
        history = History(lines=(*history.lines, *draft.lines), titles=(*history.titles, draft.title))


def test_a_quoted_subject_is_one_of_its_own() -> None:
    """Whatever stands in quotation marks is in this pull request: its title, its commits or its diff."""
    case = build(A_CASE)
    own = "\n".join((case.pull_request.title, *(item.message for item in case.pull_request.commits), AFTER))
    for number in range(20):
        _, draft = _told(build({**A_CASE, "pull_request": {**A_CASE["pull_request"], "number": number + 1}}))
        for quoted in re.findall(r"“([^”]+)”", _text(draft)):
            assert quoted.rstrip(".") in own, quoted


def test_what_is_charged_is_not_observed() -> None:
    """The observers look only at what is acquitted, and their exhibits come after all other context."""
    found = [item for item in examine(build(A_CASE)) if item.id.startswith("X")]
    kinds = [item.kind in OBSERVED for item in found]
    assert kinds == sorted(kinds)
    empty_handlers = "".join(
        f"def f{at}(x):\n    try:\n        go(x)\n    except Exception:\n        pass\n" for at in range(9)
    )
    guilty = examine(build({**A_CASE, "files": [{"path": "src/a.py", "after": empty_handlers}]}))
    assert not is_acquitted(guilty)
    assert not any(item.kind in OBSERVED for item in guilty)


@pytest.mark.parametrize("author", ["ghost", "dependabot[bot]"])
def test_nobody_and_a_bot_are_acquitted_alike(author) -> None:
    """A deleted account's and a bot's change are told by what is in them."""
    raw = {**A_CASE, "pull_request": {**A_CASE["pull_request"], "user": author}}
    brief, draft = _told(build(raw))
    assert not check(draft, brief).objections
    assert len(draft.paragraphs) > 1


def test_an_empty_diff_is_acquitted_too() -> None:
    """Where there is nothing to observe, something kind is said all the same."""
    brief, draft = _told(build({"files": [], "commits": []}))
    assert all((draft.title, draft.gist, draft.epithet, draft.punchline, _text(draft)))
    assert not check(draft, brief).objections


def test_of_a_clone_nobody_says_that_it_is_open() -> None:
    """A clone knows that a pull request is not merged, and not whether it was closed: it is called unmerged."""
    raw = {"pull_request": {"merged": False, "merged_at": None, "state": "open", "number": 7}}
    case = build({**raw, "coverage": {"conversation_known": False}})
    assert subject_of(case).state == "unmerged"
    assert subject_of(build(raw)).state == "open"


def test_the_log_is_quoted_once() -> None:
    """Where an observation has quoted the log, no credit quotes it again."""
    commits = [
        {"message": f"{verb} the bell of the harbour", "at": f"2026-03-0{at} 09:00"}
        for at, verb in enumerate(("Add", "Move", "Paint", "Polish"), 1)
    ]
    commits.append({"message": "lint", "at": datetime(2026, 3, 9, tzinfo=UTC).strftime("%Y-%m-%d %H:%M")})
    _, draft = _told(build({**A_CASE, "commits": commits}))
    assert not ("lint" in _text(draft) and "clean_log" in " ".join(draft.lines))


def _small(before: str, after: str, path: str = "src/harbour/bell.py") -> str:
    raw = {"pull_request": {"title": "Mind the tide", "merged_at": None, "state": "open"}}
    return _text(_told(build({**raw, "files": [{"path": path, "before": before, "after": after}]}))[1])


@pytest.mark.parametrize(
    ("before", "after", "path", "quoted"),
    [
        ("if (tide) {\n", "if (tide && !tide.out) {\n", "src/a.ts", "`&& !tide.out`"),
        ("See [it](https://tide.example.org/a#b)\n", "See [it](https://tide.example.org/c#b)\n", "docs/a.md", "`/c#b`"),
        ("!!! note\nMind the tide\n", "!!! note\n    Mind the tide\n", "docs/a.md", "Mind the tide"),
        ("ring(bell)\nwait(tide)\nleave(boat)\n", "wait(tide)\nleave(boat)\nring(bell)\n", "src/a.py", "`ring(bell)`"),
        ("We recieve the bell\n", "We receive the bell\n", "docs/a.md", "`receive`"),
        (
            "# Tides\n",
            "# Tides\n| [tide](https://example.org/t) | Rings at low tide |\n",
            "README.md",
            "`example.org/t`",
        ),
    ],
)
def test_the_smallest_change_is_told_by_its_line(before, after, path, quoted) -> None:
    """A change of a line or two is told by what that line was and became, whatever its sort."""
    assert quoted in _small(before, after, path)


@pytest.mark.parametrize("number", range(1, 13))
def test_the_line_is_told_once(number) -> None:
    """Where an observation tells what came or went of a line, the whole line is not quoted after it."""
    line = " * rings for specific harbours."
    raw = {"pull_request": {"title": "fix typo in a comment", "number": number, "merged_at": "2026-05-02 09:00"}}
    files = [{"path": "src/a.ts", "before": line.replace("for", "for for") + "\n", "after": line + "\n"}]
    _, draft = _told(build({**raw, "files": files}))
    bodies = " ".join(part.text for part in draft.paragraphs)
    assert "`for`" in bodies
    assert line.strip() not in bodies


def test_what_changed_alike_in_two_lines_is_told_once() -> None:
    """Two lines with the same change are not told one after the other."""
    text = _small("wait = early\nring(early, 2)\n", "wait = late\nring(late, 2)\n")
    assert text.count("late`") == 1


@pytest.mark.parametrize("path", [".github/CODEOWNERS", "AUTHORS", "CONTRIBUTORS.md"])
def test_nobody_is_told_by_a_line_that_names_people(path) -> None:
    """A handle that came or went is nobody's joke."""
    assert "harbourmaster" not in _small("a @boatswain @harbourmaster\n", "a @boatswain\n", path)
