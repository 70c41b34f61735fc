"""Swallowed errors in languages other than Python: what ``rules/swallowed_error.yml`` matched, told a function."""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._structural import hit_receipts, production_hits
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit
from bot.structural import Hit


def others(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function.

    Facts: ``function``, ``path``, ``language``, ``count``, ``code`` (the first line), ``lines``, ``what`` (the rule's
    message: "an empty catch"), ``handlers`` (the text of each, cut).
    """
    grouped: dict[tuple[str, str, str], list[Hit]] = {}
    for hit in production_hits(case, "swallowed_error"):
        grouped.setdefault((hit.path, hit.function, hit.rule.message), []).append(hit)
    for (path, function, message), hits in grouped.items():
        first = hits[0]
        place = f"`{function}` in `{path}`" if function else f"`{path}`"
        many = f", {counted(len(hits), 'time')}" if len(hits) > 1 else ""
        yield charge(
            "swallowed_error",
            min(first.rule.weight + 0.4 * (len(hits) - 1), 7.5),
            f"{place} has {message}{many}: `{first.first_line_text[:80]}`.",
            {
                "function": function,
                "path": path,
                "language": first.language,
                "count": len(hits),
                "code": first.first_line_text,
                "lines": tuple(hit.first_line_text for hit in hits)[:12],
                "what": message,
                "handlers": tuple(hit.text[:120] for hit in hits)[:12],
            },
            hit_receipts(case, hits),
            stands_in=standing(case),
            confidence=0.75 if first.rule.name == "error_becomes_nil" else 0.85,
        )
