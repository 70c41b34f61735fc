"""Ways out of the type system: ``any`` and casts by way of ``unknown``.

What it finds: in TypeScript that ships, added casts to ``any``, casts ``as unknown as T``, and types of ``any``.
Declaration files and tests are left alone, and so is anything below two casts or eight in all.

Why it matters: each of them tells the checker to look away, and it does so for everything that flows through
(https://www.typescriptlang.org/docs/handbook/2/everyday-types.html#any).

Where it errs: at the border to untyped libraries ``any`` can be the honest type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._structural import hit_receipts, production_hits
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.structural import Hit

STANCE = Stance.CHARGE
_FEWEST_CASTS = 2
_FEWEST = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``casts`` (``as any``), ``detours`` (``as unknown as``), ``annotations`` (types of ``any``),
    ``lines`` (the first dozen), ``code`` (the first), ``functions``, ``files``, ``file`` and ``file_count`` (where
    most stand), ``messages``.
    """
    hits = [hit for hit in production_hits(case, "any_escape") if not hit.path.endswith(".d.ts")]
    casts = sum(hit.rule.name != "typed_any" for hit in hits)
    if len(hits) < _FEWEST and casts < _FEWEST_CASTS:
        return
    hits.sort(key=lambda hit: hit.rule.name == "typed_any")
    names = Counter(hit.rule.name for hit in hits)
    by_file = Counter(hit.path for hit in hits)
    yield charge(
        "any_escape",
        min(max(hit.rule.weight for hit in hits) - 1 + 0.3 * len(hits), 6.5),
        f"{counted(len(hits), 'way').capitalize()} around the type checker in {counted(len(by_file), 'file')}.",
        {
            "count": len(hits),
            "casts": names["as_any"],
            "detours": names["as_unknown_as"],
            "annotations": names["typed_any"],
            "lines": _lines(hits),
            "code": hits[0].first_line_text,
            "functions": tuple(dict.fromkeys(hit.function for hit in hits if hit.function))[:12],
            "files": len(by_file),
            "file": by_file.most_common(1)[0][0],
            "file_count": by_file.most_common(1)[0][1],
            "messages": tuple(dict.fromkeys(hit.rule.message for hit in hits)),
        },
        hit_receipts(case, hits),
        stands_in=standing(case),
        confidence=0.9,
    )


def _lines(hits: list[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.first_line_text for hit in hits))[:12]
