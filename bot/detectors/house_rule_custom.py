"""A rule that an operator added, broken by an added line.

What it finds: matches of the structural rules under ``config/rules`` whose offence is none of the built-in ones that
read structure themselves, on added lines, tests included. One exhibit an offence.

Why it matters: every team has a rule that no linter knows.

Where it errs: as far as the operator's pattern does. The message is theirs, word for word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._structural import READ_BY_KIND, fresh_hits, hit_receipts
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.structural import Hit

STANCE = Stance.CHARGE


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit an offence.

    Facts: ``offence``, ``message``, ``count``, ``lines`` (the first dozen), ``code`` (the first), ``functions``,
    ``files``, ``path`` (the first).
    """
    custom = set(map(id, case.operator_rules))
    found: dict[str, list[Hit]] = defaultdict(list)
    for kind in case.structural_hits:
        if kind not in READ_BY_KIND:
            found[kind] += [hit for hit in fresh_hits(case, kind) if id(hit.rule) in custom]
    for offence, hits in found.items():
        if hits:
            yield _exhibit(case, offence, hits)


def _exhibit(case: Case, offence: str, hits: list[Hit]) -> Exhibit:
    files = tuple(dict.fromkeys(hit.path for hit in hits))
    return charge(
        "house_rule_custom",
        hits[0].rule.weight,
        f"{hits[0].rule.message.rstrip('.')}: {counted(len(hits), 'place')} in {counted(len(files), 'file')}.",
        {
            "offence": offence,
            "message": hits[0].rule.message,
            "count": len(hits),
            "lines": tuple(dict.fromkeys(hit.first_line_text for hit in hits))[:12],
            "code": hits[0].first_line_text,
            "functions": tuple(dict.fromkeys(hit.function for hit in hits if hit.function))[:12],
            "files": len(files),
            "path": files[0],
        },
        hit_receipts(case, hits),
        stands_in=standing(case),
        confidence=0.9,
    )
