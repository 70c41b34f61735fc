"""What a detector is, and the small helpers that all of them share.

A detector is a module of this package with a docstring in three parts (what it finds, why it matters,
where it errs) and two names: ``STANCE`` and ``detect``. It is pure (law 2).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from bot.case import Case
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Receipt, Stance, StandsIn, Where
from bot.pull_request import Commit, FollowUp, IssueComment, Review, ReviewComment

_LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Detector:
    """One offence or credit, as registered."""

    kind: str
    stance: Stance
    detect: Callable[[Case], Iterable[Exhibit]]
    docstring: str
    sensitive: bool = False

    @classmethod
    def from_module(cls, module: ModuleType) -> Detector:
        """Read a detector off its module; the module's name is its kind."""
        return cls(
            kind=module.__name__.rsplit(".", 1)[-1],
            stance=module.STANCE,
            detect=module.detect,
            docstring=inspect.cleandoc(module.__doc__ or ""),
            sensitive=getattr(module, "SENSITIVE", False),
        )


def standing(case: Case) -> StandsIn:
    """Return where a fact of the final diff stands: merged, or still proposed."""
    return StandsIn.MERGED if case.pull_request.merged else StandsIn.PROPOSED


def clip(text: str) -> str:
    """Return a quote of bearable length: cut, never altered, so that it still stands there letter by letter."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE]


def file_receipt(case: Case, path: str, line: int, quote: str) -> Receipt:
    """Return a receipt for a line of a file at the head."""
    sha = case.pull_request.head_sha
    return Receipt(
        where=Where.FILE, path=path, line=line, sha=sha, quote=clip(quote.strip()),
        url=case.pull_request.blob_url(path, line),
    )  # fmt: skip


def line_receipt(case: Case, diff: FileDiff, line: Line) -> Receipt:
    """Return a receipt for an added line of the diff (at the head) or a removed one (at the base)."""
    if line.new is not None:
        return file_receipt(case, diff.path, line.new, line.text)
    path, sha = diff.file.previous_path or diff.path, case.pull_request.base_sha
    return Receipt(
        where=Where.BASE_FILE, path=path, line=line.old, sha=sha, quote=clip(line.text.strip()),
        url=case.pull_request.blob_url(path, line.old, sha),
    )  # fmt: skip


def commit_receipt(case: Case, commit: Commit, quote: str = "") -> Receipt:
    """Return a receipt for words of a commit's message, its subject by default."""
    return Receipt(
        where=Where.COMMIT,
        sha=commit.sha,
        quote=clip(quote or commit.subject),
        url=commit.url or case.pull_request.commit_url(commit.sha),
    )


def commit_file_receipt(case: Case, sha: str, path: str, line: Line) -> Receipt:
    """Return a receipt for a line that one commit added or removed."""
    return Receipt(
        where=Where.COMMIT_FILE,
        sha=sha,
        path=path,
        line=line.new or line.old,
        quote=clip(line.text.strip()),
        url=case.pull_request.commit_url(sha),
    )


def remark_receipt(remark: ReviewComment | IssueComment | Review, quote: str) -> Receipt:
    """Return a receipt for words of a review, a review comment or a comment."""
    where = {ReviewComment: Where.REVIEW_COMMENT, IssueComment: Where.COMMENT, Review: Where.REVIEW}[type(remark)]
    path = remark.path if isinstance(remark, ReviewComment) else None
    return Receipt(where=where, id=remark.id, path=path, quote=clip(quote), url=remark.url)


def title_receipt(case: Case) -> Receipt:
    """Return a receipt for the title."""
    return Receipt(where=Where.TITLE, quote=case.pull_request.title, url=case.pull_request.url)


def description_receipt(case: Case, quote: str) -> Receipt:
    """Return a receipt for words of the description."""
    return Receipt(where=Where.DESCRIPTION, quote=clip(quote), url=case.pull_request.url)


def follow_up_receipt(
    follow_up: FollowUp, quote: str = "", path: str | None = None, line: int | None = None
) -> Receipt:
    """Return a receipt for words (its title by default) or a changed line of a follow-up."""
    return Receipt(
        where=Where.FOLLOW_UP, id=follow_up.number or None, sha=follow_up.sha or None, path=path, line=line,
        quote=clip((quote or follow_up.title).strip()), url=follow_up.url,
    )  # fmt: skip


def figures_receipt(case: Case, **figures: int) -> Receipt:
    """Return a receipt for figures that recount from the pull request; see ``bot.reread.FIGURES`` for their names."""
    quote = " ".join(f"{name}={value}" for name, value in figures.items())
    return Receipt(where=Where.FIGURES, quote=quote, url=case.pull_request.url)


def charge(
    kind: str, weight: float, summary: str, facts: Mapping[str, Fact], receipts: Iterable[Receipt], **rest: object
) -> Exhibit:
    """Return a charge; ``rest`` is stands_in (required), confidence, came_in, gone_in, sensitive."""
    return _exhibit(Stance.CHARGE, kind, weight, summary, facts, receipts, rest)


def credit(
    kind: str, weight: float, summary: str, facts: Mapping[str, Fact], receipts: Iterable[Receipt], **rest: object
) -> Exhibit:
    """Return a credit; ``rest`` as in ``charge``."""
    return _exhibit(Stance.CREDIT, kind, weight, summary, facts, receipts, rest)


def _exhibit(  # noqa: PLR0917
    stance: Stance,
    kind: str,
    weight: float,
    summary: str,
    facts: Mapping[str, Fact],
    receipts: Iterable[Receipt],
    rest: Mapping[str, object],
) -> Exhibit:
    fields = {"kind": kind, "stance": stance, "weight": min(weight, 10.0), "summary": summary}
    return Exhibit.model_validate({**fields, "facts": dict(facts), "receipts": tuple(receipts), **rest})


def added_lines(diffs: Iterable[FileDiff]) -> Iterator[tuple[FileDiff, Line]]:
    """Yield every added line with its file."""
    for diff in diffs:
        for line in diff.added:
            yield diff, line


def number_word(count: int) -> str:
    """Return a small count in words ("three"), a large one in figures with thousands separated ("1,455")."""
    words = "no one two three four five six seven eight nine ten eleven twelve".split()
    return words[count] if 0 <= count < len(words) else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: ``counted(3, "assert")`` is "three asserts"."""
    return f"{number_word(count)} {noun if count == 1 else plural or noun + 's'}"
