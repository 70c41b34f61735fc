"""From a brief to a draft in which every sentence holds (law 5): written, checked, sent back once, pruned."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.bench import Bench
from bot.brief import Brief
from bot.echoes import without_echoes
from bot.errors import WriterError
from bot.ports import Writer
from bot.receipts import Report, check, proofs, prune
from bot.verdict import Draft, Proven, WriterInfo
from bot.writers.house import HouseWriter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft of which every sentence is proven, who wrote it, the sentences that fell, and what proves the others."""

    draft: Draft
    info: WriterInfo
    dropped: tuple[str, ...] = ()
    proven: tuple[Proven, ...] = ()


async def written(brief: Brief, writer: Writer, bench: Bench) -> Written:
    """Return what is shown. A model's failing sentences go back once, then fall; below the minimum the house writes."""
    desk = _Desk(brief, writer, bench)
    found = await desk.best()
    if found is not None:
        log.info("a model wrote", **_bill(found.info), dropped=len(found.dropped), pull_request=brief.subject.slug)
        return replace(found, proven=await bench(_proven, found.draft, brief))
    log.warning("writer fell back", reason=desk.trouble, **_bill(desk.info), pull_request=brief.subject.slug)
    own = await bench(of_the_house, brief)
    info = desk.info.model_copy(update={"name": HouseWriter.name, "fallback": desk.trouble})
    return replace(own, info=info)


def of_the_house(brief: Brief) -> Written:
    """Return the embedded writer's draft, checked."""
    draft = HouseWriter().compose(brief)
    report = check(draft, brief)
    draft, dropped = prune(draft, report, brief)
    proven = _proven(draft, brief) if dropped else _told(report)
    return Written(draft, WriterInfo(name=HouseWriter.name), dropped, proven)


def _proven(draft: Draft, brief: Brief) -> tuple[Proven, ...]:
    return _told(check(draft, brief))


def _told(report: Report) -> tuple[Proven, ...]:
    return tuple(Proven(text=text, by=tuple(str(proof) for proof in by)) for text, by in proofs(report))


def is_enough(draft: Draft, brief: Brief) -> bool:
    """Return whether what is left is still a roast: its four short parts and, but for an acquittal, two paragraphs."""
    least = 1 if brief.acquitted or len(brief.cast) < 2 else 2
    return all((draft.title, draft.gist, draft.epithet, draft.punchline)) and len(draft.paragraphs) >= least


class _Desk:
    """One brief at a model's desk: two tries at most, and one bill. ``trouble`` says why nothing came of it."""

    def __init__(self, brief: Brief, writer: Writer, bench: Bench) -> None:
        self._brief, self._writer, self._bench = brief, writer, bench
        self.info = WriterInfo(name=writer.name)
        self.trouble = ""

    async def best(self) -> Written | None:
        """Return the second try where it is a roast, else the first where that is one, else nothing."""
        first = await self._try(())
        if first is None:
            return None
        draft, report = first
        tries = [self._pruned(draft, report)]
        if report.objections:
            second = await self._try([str(item) for item in report.objections])
            tries = [*([self._pruned(*second)] if second else []), *tries]
        for draft, dropped in tries:
            if is_enough(draft, self._brief):
                return Written(draft, self.info, dropped)
        self.trouble = self.trouble or "too little of its draft could be proven"
        return None

    async def _try(self, objections: list[str] | tuple[()]) -> tuple[Draft, Report] | None:
        try:
            draft, info = await self._writer.write(self._brief, objections)
        except WriterError as error:
            self.trouble = error.sentence
            self.info = self.info.plus(error.bill) if error.bill else self.info
            log.warning("a model's try failed", reason=str(error), rewrite=bool(objections))
            return None
        self.info = self.info.plus(info)
        return draft, await self._bench(check, draft, self._brief)

    def _pruned(self, draft: Draft, report: Report) -> tuple[Draft, tuple[str, ...]]:
        draft, dropped = prune(draft, report, self._brief)
        return without_echoes(draft, self._brief), dropped


def _bill(info: WriterInfo) -> dict[str, object]:
    return info.model_dump(include={"model", "calls", "prompt_tokens", "input_tokens", "output_tokens", "cost_usd"})
