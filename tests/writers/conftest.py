"""Exhibits of every kind, from the detectors' own cases."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bot.detectors import BY_KIND
from bot.exhibit import Exhibit

DETECTORS = Path(__file__).resolve().parents[1] / "detectors"
sys.path.insert(0, str(DETECTORS))


@pytest.fixture(scope="session")
def exhibits_by_kind() -> dict[str, list[Exhibit]]:
    """Every exhibit that the hits among the cases yield, by kind, with ids."""
    from build import load

    found: dict[str, list[Exhibit]] = defaultdict(list)
    for path in sorted((DETECTORS / "cases").glob("*/hit_*.yml")):
        kind = path.parent.name
        case, _ = load(path)
        for item in BY_KIND[kind].detect(case):
            prefix = "E" if item.is_charge else "C" if item.is_credit else "X"
            found[kind].append(item.model_copy(update={"id": f"{prefix}{len(found[kind]) + 1}"}))
    return found
