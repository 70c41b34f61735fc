"""Observations: each finds what it says, keeps quiet otherwise, shows where it stands, and has wording that holds."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "detectors"), str(TESTS / "writers")]

from build import build  # noqa: E402
from rendered import LIMITS, Filled, faults  # noqa: E402

from bot.brief import Brief, Heat  # noqa: E402
from bot.case import Case  # noqa: E402
from bot.casting import subject_of  # noqa: E402
from bot.detectors import BY_KIND, DETECTORS  # noqa: E402
from bot.exhibit import Exhibit, Stance  # noqa: E402
from bot.observations import OBSERVED, OBSERVERS  # noqa: E402
from bot.pull_request import User  # noqa: E402
from bot.reread import reread  # noqa: E402
from bot.writers.story import Story  # noqa: E402
from bot.writers.wording import render, wording_of  # noqa: E402

KINDS = {observer.kind: observer for observer in OBSERVERS}
CONTEXT = ("size", "purpose", "built", "curiosities")


@cache
def _cases(kind: str) -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((TESTS / "observations" / "cases" / f"{kind}.yml").read_text(encoding="utf-8"))


def _all(what: str) -> list[Any]:
    return [pytest.param(kind, raw, id=f"{kind}-{raw['claim']}") for kind in KINDS for raw in _cases(kind)[what]]


def _found(kind: str, case: Case) -> list[Exhibit]:
    return list(KINDS[kind].detect(case))


@pytest.mark.parametrize(("kind", "raw"), _all("hits"))
def test_a_hit_is_told_with_its_facts(kind, raw) -> None:
    """A hit yields one observation, as context, with the facts of its case."""
    (exhibit,) = _found(kind, build(raw))
    facts = {key: list(value) if isinstance(value, tuple) else value for key, value in exhibit.facts.items()}
    assert {key: facts[key] for key in raw["facts"]} == raw["facts"]
    assert (exhibit.kind, exhibit.stance) == (kind, Stance.CONTEXT)


@pytest.mark.parametrize(("kind", "raw"), _all("misses"))
def test_a_miss_is_passed_over(kind, raw) -> None:
    """A miss yields nothing."""
    assert _found(kind, build(raw)) == []


@pytest.mark.parametrize(("kind", "raw"), _all("hits") + _all("misses"))
def test_every_receipt_can_be_read_again(kind, raw) -> None:
    """Whatever any observer says of any case stands where its receipts say (law 3)."""
    case = build(raw)
    for other in KINDS:
        for exhibit in _found(other, case):
            assert all(reread(case, receipt) for receipt in exhibit.receipts), (kind, exhibit)


@pytest.mark.parametrize(("kind", "raw"), _all("hits"))
def test_every_line_of_wording_holds(kind, raw) -> None:
    """Each line over each hit is proven by the observation and its context, is kind, and reads like prose."""
    case = build(raw)
    context = [item for other in CONTEXT for item in BY_KIND[other].detect(case)]
    named = [item.model_copy(update={"id": f"X{at}"}) for at, item in enumerate([*_found(kind, case), *context])]
    brief = Brief(subject=subject_of(case), context=tuple(named), cast=(), acquitted=True, heat=Heat.MILD, seed=kind)
    facts = Story(brief, None, frozenset(), 3)._facts(named[0])
    wrong: list[tuple[str, str]] = []
    said = dict.fromkeys(("body", "title", "gist", "epithet", "punchline"), 0)
    for slot, lines in wording_of(kind).lines.items():
        for line in lines:
            text = render(line, facts)
            if text is not None and len(text) <= LIMITS.get(slot, 10_000):
                said[slot] += 1
                wrong += [(text, fault) for fault in faults(Filled(raw["claim"], line, text, named[0], brief))]
    assert wrong == []
    assert said["body"] >= 2
    assert all(said.values()), said


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_has_wording_enough(kind) -> None:
    """Each kind has at least six bodies, all mild: an acquittal is not heated up."""
    lines = wording_of(kind).lines
    assert len(lines["body"]) >= 6
    assert {line.heat for slot in lines.values() for line in slot} == {Heat.MILD}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_says_what_it_is(kind) -> None:
    """Each observer has a docstring in three parts, two hits and two misses, and a name that no detector has."""
    assert all(part in KINDS[kind].docstring for part in ("What it finds:", "Why it matters:", "Where it errs:"))
    assert min(len(_cases(kind)["hits"]), len(_cases(kind)["misses"])) >= 2
    assert kind not in {detector.kind for detector in DETECTORS}


def test_they_are_listed_in_order() -> None:
    """The observers are listed by name, each once."""
    kinds = [observer.kind for observer in OBSERVERS]
    assert kinds == sorted(set(kinds))
    assert set(kinds) == OBSERVED


HOSTILE = (
    "\x00\x1b[31m raise ValueError('\u202egnirts a si siht')",
    "é" * 500 + " # because \ud7ff \U0001f40c we never trust it",
    "raise E('" + "a b " * 2000,
    "`" * 300 + '"' * 300,
    "# \u2028 we \u2029 do \x0c not \x85 trust it",
    "def " + "_" * 400 + "(:",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "path", ["src/a.py", "tests/test_\u202e.py", "docs/\x07.md", ".github/workflows/é.yml", "x" * 300 + ".go"]
)
def test_odd_text_is_quoted_whole_or_not_at_all(path, text) -> None:
    """Odd encodings raise nothing, and what is quoted of them stands there letter by letter."""
    raw = {
        "pull_request": {"title": text[:200], "body": text},
        "files": [{"path": path, "before": "a = 1\n", "after": f"{text}\nb = 2\n"}],
        "commits": [
            {"message": text or "x", "at": "2026-05-01 10:00"},
            {"message": text[::-1], "at": "2026-05-01 11:00"},
        ],
    }
    case = build(raw)
    for kind in KINDS:
        for exhibit in _found(kind, case):
            assert all(reread(case, receipt) for receipt in exhibit.receipts), exhibit


@pytest.mark.parametrize("user", [User(), User(login="dependabot[bot]", is_bot=True)])
def test_an_empty_pull_request_has_nothing_to_observe(user) -> None:
    """An empty diff by a deleted account or a bot yields no observation and no error."""
    case = build({"files": [], "commits": []})
    case = Case(pull_request=case.pull_request.model_copy(update={"user": user, "body": "", "title": ""}))
    assert [exhibit for kind in KINDS for exhibit in _found(kind, case)] == []
