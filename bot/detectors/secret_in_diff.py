"""What looks like a secret in an added line.

What it finds: keys and tokens of known shape, private keys, passwords in URLs, and long random values given to names
such as ``client_secret``, in added lines outside of tests, documents and samples (shapes that are beyond doubt count
there too, private keys not). Made-up values are left alone.

Why it matters: what was pushed once is known; only a new one helps.

Where it errs: a value may be public by design. The exhibit is sensitive: it is shown in private only, and neither
facts nor receipts hold the value; the quote ends where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._secrets import Suspect, suspect
from bot.detectors.base import charge, counted, figures_receipt, file_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Receipt, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
SENSITIVE = True
_ASIDE = re.compile(
    r"(^|/)(\w*tests?\w*|fixtures?|examples?|samples?|docs?|spec|e2e|playground)/|\.mdx?$", re.IGNORECASE
)
_DOUBTFUL = frozenset({"a secret by its name", "a password in a URL", "a private key"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``line`` (of the first), ``count``, ``looks_like`` (what each looks like: "an AWS access key"),
    ``names`` (the names that they are given to). Never a value.
    """
    for diff in case.diffs:
        kind = case.kind(diff.path)
        if kind in {FileKind.LOCK, FileKind.VENDORED, FileKind.BINARY, FileKind.GENERATED}:
            continue
        aside = kind in {FileKind.TEST, FileKind.DOCS} or bool(_ASIDE.search(diff.path))
        found = [(line, item) for line in diff.added if (item := suspect(line.text)) is not None]
        if aside:
            found = [(line, item) for line, item in found if item.what not in _DOUBTFUL]
        if found:
            yield _exhibit(case, diff, found)


def _exhibit(case: Case, diff: FileDiff, found: list[tuple[Line, Suspect]]) -> Exhibit:
    line, first = found[0]
    what = tuple(dict.fromkeys(item.what for _, item in found))
    quotes = [_safe(case, diff, item_line, item) for item_line, item in found[:12]]
    return charge(
        "secret_in_diff",
        9.0 if first.what != "a secret by its name" else 7.0,
        f"{counted(len(found), 'line').capitalize()} of `{diff.path}` hold what looks like {what[0]}."
        if len(found) > 1
        else f"Line {line.new} of `{diff.path}` holds what looks like {what[0]}.",
        {
            "path": diff.path,
            "line": line.new,
            "count": len(found),
            "looks_like": what,
            "names": tuple(dict.fromkeys(item.name for _, item in found if item.name))[:12],
        },
        [quote for quote in quotes if quote] or [figures_receipt(case, changed_files=case.pull_request.changed_files)],
        stands_in=standing(case),
        confidence=0.6 if first.what == "a secret by its name" else 0.85,
        sensitive=True,
    )


def _safe(case: Case, diff: FileDiff, line: Line, item: Suspect) -> Receipt | None:
    """Return a receipt for the part of the line before the value, if anything stands there."""
    before = line.text[: item.start].strip()
    if line.new is None or len(before) < 2 or suspect(before) not in {None, item}:
        return None
    return file_receipt(case, diff.path, line.new, before)
