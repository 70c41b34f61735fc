"""Swallowed errors in languages other than Python: what ``rules/swallowed_error.yml`` matched, told a function."""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._structural import hit_receipts, production_hits
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit
from bot.structural import Hit


def others(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``functions``, ``function`` (the first), ``handlers`` (the text of each, cut),
    ``language``, ``code`` (the first line), ``lines``, ``what`` (the first rule's message: "an empty catch").
    """
    grouped: dict[str, list[Hit]] = {}
    for hit in production_hits(case, "swallowed_error"):
        grouped.setdefault(hit.path, []).append(hit)
    for path, hits in grouped.items():
        yield _exhibit(case, path, hits)


def _exhibit(case: Case, path: str, hits: list[Hit]) -> Exhibit:
    hits.sort(key=lambda hit: -hit.rule.weight)
    first = hits[0]
    function = f"`{first.function}` in `{path}`" if first.function else f"`{path}`"
    more = f", and {counted(len(hits) - 1, 'more like it', 'more like it')}" if len(hits) > 1 else ""
    return charge(
        "swallowed_error",
        min(first.rule.weight + 0.4 * (len(hits) - 1), 7.5),
        f"{function} has {first.rule.message}{more}: `{first.first_line_text[:80]}`.",
        {
            "path": path,
            "count": len(hits),
            "functions": tuple(dict.fromkeys(hit.function for hit in hits if hit.function))[:12],
            "function": first.function,
            "handlers": tuple(hit.text[:120] for hit in hits)[:12],
            "language": first.language,
            "code": first.first_line_text,
            "lines": tuple(hit.first_line_text for hit in hits)[:12],
            "what": first.rule.message,
        },
        hit_receipts(case, hits),
        stands_in=standing(case),
        confidence=0.75 if first.rule.name == "error_becomes_nil" else 0.85,
    )
