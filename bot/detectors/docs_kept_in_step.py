"""Documents that were changed with the code.

What it finds: added lines of documents that name, in code spans or code blocks, something that the same pull request
adds to the code: a function, a class, an option. At least five added lines of documents; changelogs do not count.

Why it matters: they are the part of a change that can never be made later.

Where it errs: a name may stand in a document by chance; short and common names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, listed, paths, receipts
from bot.detectors.base import credit, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CREDIT
_FEWEST = 5
_DECLARED = re.compile(
    r"\b(?:def|class|func|fn|function|struct|enum|interface|trait|type|const|module)\s+(?:\([^)]{0,60}\)\s*)?(\w{5,60})"
    r"|[\"'](--?[a-z][\w\-]{3,40})[\"']|^\s*(\w{5,60})\??:\s*[\w\"'\[{]"
)
_SPAN = re.compile(r"`([^`\n]{3,120})`")
_WORD = re.compile(r"--?[a-z][\w\-]{3,40}|\w{5,60}")
_DOCUMENT = re.compile(r"\.(mdx?|rst|adoc)$", re.IGNORECASE)
_NOT_DOCS = re.compile(
    r"(^|/)(CHANGE(LOG|S)|HISTORY|NEWS|[\w\-]*NOTES|AGENTS|CLAUDE|PLAN)\b|(^|/)(\.changeset|plans?)/", re.IGNORECASE
)
_COMMON = frozenset(
    "value values config default options string number boolean object return result index types import".split()
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``names`` (what the code adds and the documents name), ``name`` (the first), ``docs`` (paths), ``doc`` (the
    first), ``doc_lines`` (added lines of documents), ``code`` (the first line that names one).
    """
    documents = [place for place in fresh(case, FileKind.DOCS) if _is_document(place)]
    if len(documents) < _FEWEST:
        return
    declared: set[str] = set()
    for _, line in fresh(case, FileKind.PRODUCTION):
        declared.update(next(filter(None, groups)) for groups in _DECLARED.findall(line.text[:400]))
    declared = {name for name in declared if "_" in name or "-" in name or name != name.lower()} - _COMMON
    named: dict[str, Place] = {}
    fenced = False
    for place in documents:
        text = place[1].text
        fenced ^= text.lstrip().startswith("```")
        for part in [text] if fenced or text.startswith("    ") else _SPAN.findall(text):
            for word in _WORD.findall(part):
                if word in declared:
                    named.setdefault(word, place)
    if not named:
        return
    docs = paths(named.values())
    names = tuple(named)
    yield credit(
        "docs_kept_in_step",
        min(3.0 + 0.4 * len(names), 5.5),
        f"The documents name what the code gained: {listed(names)} in `{docs[0]}`.",
        {
            "names": names[:12],
            "name": names[0],
            "docs": docs[:12],
            "doc": docs[0],
            "doc_lines": len(documents),
            "code": named[names[0]][1].text.strip()[:200],
        },
        receipts(case, dict.fromkeys(named.values())),
        stands_in=standing(case),
        confidence=0.8,
    )


def _is_document(place: Place) -> bool:
    path = place[0].path
    return bool(_DOCUMENT.search(path)) and not _NOT_DOCS.search(path) and bool(place[1].text.strip())
