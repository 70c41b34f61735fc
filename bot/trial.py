"""The trial: from what the user typed to a verdict, as one pipeline that a reader can follow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.bench import Bench
from bot.brief import Heat, History, Subject, Taste
from bot.case import Case
from bot.casting import cast
from bot.detectors import DETECTORS
from bot.detectors._secrets import suspect
from bot.detectors.base import Detector
from bot.doneness import doneness, is_acquitted, score
from bot.exhibit import Exhibit, Stance
from bot.kinds import CODE_SUFFIXES, FileKind, kind_of
from bot.observations import OBSERVED, OBSERVERS
from bot.ports import Admit, Progress, ReportsCoverage, Source, Writer, everyone, silent
from bot.pull_request import FileStatus, PullRequest
from bot.structural_rules import Rule
from bot.target import Target
from bot.timeline import timeline_of
from bot.verdict import Verdict
from bot.writers.house import HouseWriter
from bot.writing import Written, of_the_house, written

log = structlog.get_logger(__name__)

_MOST_WHOLE_FILES = 40
_MOST_COMMIT_DIFFS = 60


async def roast(
    target: Target,
    source: Source,
    *,
    heat: Heat = Heat.MEDIUM,
    writer: Writer | None = None,
    history: History | None = None,
    taste: Taste | None = None,
    admit: Admit = everyone,
    progress: Progress = silent,
    bench: Bench = asyncio.to_thread,
) -> Verdict:
    """Read, find, write, check. Raises errors of ``bot.errors``; never returns an unchecked sentence."""
    case = await gather(target, source, progress, admit=admit)
    exhibits = await bench(examine, case)
    charges = sum(item.is_charge for item in exhibits)
    await progress("exhibits", f"{len(exhibits)} exhibits, {charges} of them charges")
    return await try_case(
        case, exhibits, heat=heat, writer=writer, history=history, taste=taste, progress=progress, bench=bench
    )


async def gather(
    target: Target,
    source: Source,
    progress: Progress = silent,
    *,
    admit: Admit = everyone,
    rules: Sequence[Rule] = (),
) -> Case:
    """Return the case: the pull request first, then, side by side, whole files, commits' diffs, what came after.

    ``rules`` are the operator's own structural rules.
    """
    await progress("reading", f"reading {target}")
    pull_request, coverage = await source.pull_request(target)
    record = await admit(pull_request)
    await progress(
        "reading",
        f"{pull_request.changed_files} files, {pull_request.commit_count} commits,"
        f" {len(pull_request.review_comments) + len(pull_request.comments)} comments",
    )
    head_files, commit_files, follow_ups, house_rules = await asyncio.gather(
        source.files_at_head(pull_request, telling_files(pull_request)),
        source.commit_files(pull_request, telling_commits(pull_request)),
        source.follow_ups(pull_request),
        source.house_rules(pull_request),
    )
    if isinstance(source, ReportsCoverage):
        coverage = source.coverage(pull_request)
    return Case(
        pull_request=pull_request,
        head_files=head_files,
        commit_files=commit_files,
        follow_ups=follow_ups,
        house_rules=house_rules,
        record=tuple(record),
        operator_rules=tuple(rules),
        coverage=coverage.model_copy(
            update={"whole_files_read": len(head_files), "commit_diffs_read": len(commit_files)}
        ),
    )


def telling_files(pull_request: PullRequest) -> list[str]:
    """Return the paths that are worth reading whole, the most changed hand-written code first.

    A new file is whole in its patch already.
    """
    wanted = [
        file
        for file in pull_request.files
        if file.path.endswith(tuple(CODE_SUFFIXES))
        and file.status not in {FileStatus.REMOVED, FileStatus.ADDED}
        and file.additions
        and kind_of(file.path) in {FileKind.PRODUCTION, FileKind.TEST}
    ]
    wanted.sort(key=lambda file: (kind_of(file.path) is FileKind.TEST, -file.additions, file.path))
    return [file.path for file in wanted[:_MOST_WHOLE_FILES]]


def telling_commits(pull_request: PullRequest) -> list[str]:
    """Return the commits whose own diffs are worth reading: all but merges, unless there is just one."""
    own = [commit.sha for commit in pull_request.commits if not commit.is_merge]
    return own[:_MOST_COMMIT_DIFFS] if len(own) > 1 else []


def examine(
    case: Case, detectors: Sequence[Detector] = DETECTORS, observers: Sequence[Detector] = OBSERVERS
) -> tuple[Exhibit, ...]:
    """Return every exhibit with its id: context (X), charges (E) and credits (C), each by force.

    The observers look only at what is acquitted: there is nothing else to tell of it.

    A detector that fails costs its own findings and a log line, never the roast. An exhibit that would quote what
    looks like a secret is left out, whoever found it: its value is never printed, stored or sent.
    """
    found = _found(case, detectors)
    if is_acquitted(found):
        found += _found(case, observers)
    found = [item for item in found if not _gives_away_a_secret(item)]
    prefixes = {Stance.CONTEXT: "X", Stance.CHARGE: "E", Stance.CREDIT: "C"}
    ranked: list[Exhibit] = []
    for stance, prefix in prefixes.items():
        of_stance = sorted(
            (item for item in found if item.stance is stance),
            key=lambda item: (item.kind in OBSERVED, -item.force, item.kind, item.summary),
        )
        ranked += [item.model_copy(update={"id": f"{prefix}{number}"}) for number, item in enumerate(of_stance, 1)]
    return tuple(ranked)


def _found(case: Case, detectors: Sequence[Detector]) -> list[Exhibit]:
    found: list[Exhibit] = []
    for detector in detectors:
        try:
            found.extend(detector.detect(case))
        except Exception:
            log.exception("detector failed", detector=detector.kind, pull_request=case.pull_request.slug)
    return found


def _gives_away_a_secret(exhibit: Exhibit) -> bool:
    facts = [str(value) for value in exhibit.facts.values()]
    return any(suspect(text) for text in [exhibit.summary, *facts, *(receipt.quote for receipt in exhibit.receipts)])


async def try_case(
    case: Case,
    exhibits: Sequence[Exhibit],
    *,
    heat: Heat = Heat.MEDIUM,
    writer: Writer | None = None,
    history: History | None = None,
    taste: Taste | None = None,
    progress: Progress = silent,
    bench: Bench = asyncio.to_thread,
) -> Verdict:
    """Cast, write, check and pass judgement."""
    await progress("writing", "writing")
    if writer is None or isinstance(writer, HouseWriter):
        subject, made = await bench(_by_the_house, case, exhibits, heat=heat, history=history, taste=taste)
    else:
        brief = await bench(cast, case, exhibits, heat=heat, history=history, taste=taste)
        subject, made = brief.subject, await written(brief, writer, bench)
    draft = made.draft
    await progress("card", "plating up")
    points = score(exhibits)
    return Verdict(
        pull_request=case.pull_request.slug,
        url=case.pull_request.url,
        subject=subject,
        title=draft.title,
        gist=draft.gist,
        paragraphs=draft.paragraphs,
        epithet=draft.epithet,
        punchline=draft.punchline,
        doneness=doneness(points),
        score=points,
        acquitted=is_acquitted(exhibits),
        heat=heat,
        exhibits=tuple(exhibits),
        coverage=case.coverage,
        writer=made.info,
        timeline=timeline_of(case),
        motif=draft.motif,
        lines=draft.lines,
        dropped=made.dropped,
        proofs=made.proven,
        private=case.pull_request.private,
    )


def _by_the_house(
    case: Case, exhibits: Sequence[Exhibit], *, heat: Heat, history: History | None, taste: Taste | None
) -> tuple[Subject, Written]:
    """Cast and write in one go: between processes every step costs a copy of the case."""
    brief = cast(case, exhibits, heat=heat, history=history, taste=taste)
    return brief.subject, of_the_house(brief)
