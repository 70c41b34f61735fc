"""What the structural rules matched, ready for exhibits."""

from __future__ import annotations

from collections.abc import Iterable

from bot.case import Case
from bot.detectors._lines import ASIDE, MOST_RECEIPTS
from bot.detectors.base import file_receipt
from bot.exhibit import Receipt
from bot.structural import Hit

READ_BY_KIND = frozenset({"swallowed_error", "any_escape", "print_left", "nested_ternary"})
"""The kinds whose own detectors read structural hits; an operator's rule of another name is told by
``house_rule_custom``."""


def production_hits(case: Case, kind: str) -> tuple[Hit, ...]:
    """Return the fresh hits of a kind outside of tests: lines that only moved are left out."""
    return tuple(hit for hit in fresh_hits(case, kind) if not hit.in_test and not ASIDE.search(hit.path))


def fresh_hits(case: Case, kind: str) -> tuple[Hit, ...]:
    """Return the hits of a kind on lines that did not only move."""
    return tuple(hit for hit in case.structural_hits.get(kind, ()) if hit.first_line_text not in case.removed_texts)


def hit_receipts(case: Case, hits: Iterable[Hit]) -> tuple[Receipt, ...]:
    """Return a receipt for each of the first dozen lines; several hits on a line share one."""
    lines = dict.fromkeys((hit.path, hit.line, hit.first_line_text) for hit in hits)
    return tuple(file_receipt(case, path, line, text) for path, line, text in list(lines)[:MOST_RECEIPTS])
