"""Plans, notes and leftovers that travelled along.

What it finds: added files that are somebody's working papers (``PLAN.md``, ``NOTES.md``, ``scratch.py``, ``*.orig``,
``.DS_Store``, a ``plans/`` folder), conflict marks that were committed, and sentences that an assistant wrote to its
user and left in a file ("rest of the code remains unchanged").

Why it matters: the scaffolding ships with the house.

Where it errs: some projects keep plans on purpose. The roast says which file it is and how long, and quotes its first
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, listed, receipts, short, texts
from bot.detectors.base import charge, counted, figures_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_PAPERS = re.compile(
    r"(^|/)((implementation|migration|refactor(ing)?|test|project|release|my|agent)?[-_ ]?(plan|notes?"
    r"|scratch(pad)?|todos?)"
    r"\.(md|txt|org|rst)|(implementation|refactor(ing)?|fix|changes?|pr|work|session)[-_](summary|report"
    r"|notes?|log|status)\.(md|txt)"
    r"|scratch[-_\w]*\.\w{1,5}|(tmp|temp|untitled|foo|asdf|delete_?me|debug_me)[-_\d]*\.(py|js|ts|go|rb"
    r"|rs|md|txt|sh|json)"
    r"|[^/]+\.(orig|rej|bak|swp|swo|tmp)|\.DS_Store|Thumbs\.db|npm-debug\.log|yarn-error\.log|nohup\.out|[^/]+~"
    r"|\.aider[^/]*|CLAUDE\.local\.md|[^/]+ (copy|\(1\))(\.\w+)?)$|(^|/)(\.?plans?|\.scratch|scratch)/[^/]+\.(md|txt)$",
    re.IGNORECASE,
)
_CONFLICT = re.compile(r"^(?:<{7} \S|>{7} \S)")
_SAID = re.compile(
    r"as an ai (?:language )?model|(?:rest|remainder) of (?:the|your) (?:existing )?code (?:remains|stays"
    r"|is) (?:un|the same)"
    r"|\.{3} ?\(?existing code|\(existing code (?:here|continues|unchanged)\)|contentReference\[oaicite|turn0search\d"
    r"|here(?:'|’)s the (?:updated|complete|modified|corrected) (?:code|version|file)|i(?:'|’)ve"
    r" (?:updated|added|made) the"
    r"|let me know if you(?:'|’)d like|🤖 generated with",
    re.IGNORECASE,
)
_SAYS = ("as an ai", "of the", "of your", "existing code", "oaicite", "turn0search", "here", "ve ", "let me know", "🤖")
_KEEPS_PLANS = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``files`` (paths of the papers), ``file_names``, ``count``, ``lines`` (how many they hold), ``path`` and
    ``file_name`` (the longest), ``path_lines``, ``first_line`` (how that one opens), ``conflict_marks``,
    ``leftovers`` (sentences left by an assistant), ``said`` (the first of them).
    """
    papers = [diff for diff in case.diffs if diff.is_new and _PAPERS.search(diff.path) and not _is_fixture(case, diff)]
    conflicts, leftovers = _left(case)
    if not papers and not conflicts and not leftovers:
        return
    papers.sort(key=lambda diff: -diff.file.additions)
    openings = [(diff, line) for diff in papers for line in _opening(diff)]
    lines = sum(diff.file.additions for diff in papers)
    places = [*conflicts, *leftovers, *openings]
    yield charge(
        "plan_in_the_diff",
        min(3.5 + min(lines, 1000) / 300 + (4.0 if conflicts else 0) + (2.0 if leftovers else 0), 8.5),
        _summary(papers, lines, conflicts, leftovers),
        {
            "files": tuple(diff.path for diff in papers)[:12],
            "file_names": tuple(short(diff.path) for diff in papers)[:12],
            "count": len(papers),
            "lines": lines,
            "path": papers[0].path if papers else places[0][0].path,
            "file_name": short(papers[0].path) if papers else short(places[0][0].path),
            "path_lines": papers[0].file.additions if papers else 0,
            "first_line": openings[0][1].text.strip()[:200] if openings else "",
            "conflict_marks": len(conflicts),
            "leftovers": texts(leftovers),
            "said": leftovers[0][1].text.strip()[:200] if leftovers else "",
        },
        receipts(case, places) or (figures_receipt(case, changed_files=case.pull_request.changed_files),),
        stands_in=standing(case),
        confidence=0.9 if len(papers) < _KEEPS_PLANS else 0.8,
    )


def _summary(papers: list[FileDiff], lines: int, conflicts: list[Place], leftovers: list[Place]) -> str:
    parts = []
    if papers:
        parts.append(f"{listed([diff.path for diff in papers])} came along, {counted(lines, 'line')} of working papers")
    if conflicts:
        parts.append(f"{counted(len(conflicts), 'conflict mark')} committed in `{conflicts[0][0].path}`")
    if leftovers:
        parts.append(f"an assistant's words left in `{leftovers[0][0].path}`: “{leftovers[0][1].text.strip()[:100]}”")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _left(case: Case) -> tuple[list[Place], list[Place]]:
    conflicts: list[Place] = []
    leftovers: list[Place] = []
    for diff, line in fresh(case, FileKind.PRODUCTION, FileKind.CONFIG):
        if line.text[:7] in {"<" * 7, ">" * 7} and _CONFLICT.match(line.text):
            conflicts.append((diff, line))
        elif case.kind(diff.path) is FileKind.PRODUCTION:
            lowered = line.text.lower()
            if any(part in lowered for part in _SAYS) and _SAID.search(line.text):
                leftovers.append((diff, line))
    return conflicts, leftovers


def _opening(diff: FileDiff) -> Iterator[Line]:
    """Yield the first line of a paper that says something."""
    for line in diff.added[:40]:
        if len(line.text.strip("#-*= \t")) > 3:
            yield line
            return


def _is_fixture(case: Case, diff: FileDiff) -> bool:
    return case.kind(diff.path) in {FileKind.TEST, FileKind.VENDORED, FileKind.GENERATED} or bool(
        re.search(r"(^|/)(tests?|fixtures?|testdata|examples?|templates?|docs?|snapshots?|playground)/", diff.path)
    )
