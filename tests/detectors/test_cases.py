"""Every case file of every detector: hits are found as described, misses stay silent, receipts hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from build import load

from bot.detectors import BY_KIND, DETECTORS
from bot.reread import reread

CASES = Path(__file__).parent / "cases"
HITS = sorted(CASES.glob("*/hit_*.yml"))
MISSES = sorted(CASES.glob("*/miss_*.yml"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", HITS, ids=_name)
def test_hit(path: Path) -> None:
    """A hit yields an exhibit with the expected facts, quotes and standing."""
    case, raw = load(path)
    found = list(BY_KIND[path.parent.name].detect(case))
    assert raw["expect"], "a hit expects something"
    assert len(found) >= len(raw["expect"]), [item.summary for item in found]
    for wanted in raw["expect"]:
        assert any(_matches(item, wanted) for item in found), [(item.summary, item.facts) for item in found]


@pytest.mark.parametrize("path", MISSES, ids=_name)
def test_miss(path: Path) -> None:
    """A miss yields nothing of this kind."""
    case, _ = load(path)
    assert [item.summary for item in BY_KIND[path.parent.name].detect(case)] == []


@pytest.mark.parametrize("path", HITS + MISSES, ids=_name)
def test_receipts_hold(path: Path) -> None:
    """Whatever any detector says of any case can be read again at its receipt (law 3), and none raises (law 2)."""
    case, _ = load(path)
    for detector in DETECTORS:
        for exhibit in detector.detect(case):
            assert exhibit.kind == detector.kind
            for receipt in exhibit.receipts:
                assert reread(case, receipt), (exhibit.kind, receipt)


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_has_cases(kind: str) -> None:
    """Every detector has at least two hits and two misses, and a docstring in three parts."""
    if kind != "size":
        assert len([path for path in HITS if path.parent.name == kind]) >= 2
        assert len([path for path in MISSES if path.parent.name == kind]) >= 2
    text = BY_KIND[kind].docstring
    assert all(part in text for part in ("What it finds:", "Why it matters:", "Where it errs:"))


def test_registered_in_order() -> None:
    """The detectors are listed in the order of their names."""
    kinds = [detector.kind for detector in DETECTORS]
    assert kinds == sorted(kinds)


def _matches(exhibit: object, wanted: dict[str, object]) -> bool:
    facts = {key: list(value) if isinstance(value, tuple) else value for key, value in exhibit.facts.items()}
    quotes = [receipt.quote for receipt in exhibit.receipts]
    return (
        all(facts.get(key) == value for key, value in wanted.get("facts", {}).items())
        and all(any(part in quote for quote in quotes) for part in wanted.get("quotes", []))
        and wanted.get("stands_in", exhibit.stands_in) == exhibit.stands_in
    )
