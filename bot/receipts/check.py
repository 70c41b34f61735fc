"""The check that stands between any writer and any reader (law 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.brief import Brief
from bot.kindness import unkind
from bot.receipts import calendar, counts, manner, people, roles, shares, standing, universal
from bot.receipts.evidence import Evidence
from bot.receipts.ledger import Ledger
from bot.receipts.lengths import length
from bot.receipts.names import names, unnested
from bot.receipts.numbers import Form, Number
from bot.receipts.reading import ledger_of, ledger_of_subject
from bot.receipts.report import CheckedSentence, Claim, ClaimKind, Part, Proof, Report
from bot.receipts.scene import Scene, Stated, Tells, unproven
from bot.receipts.text import Kind, sentences, stems_of, tokens
from bot.receipts.times import day_at, is_month, span_at
from bot.verdict import Draft, Paragraph

_LONGEST_SENTENCE = 800
"""Characters: what is longer is no sentence, and bounds the work on hostile text."""

_COME_BACK = frozenset((ClaimKind.NAME, ClaimKind.HANDLE, ClaimKind.NUMBER))
"""What a paragraph may name without citing its exhibit, once another has proven it."""

_REMEMBERED = 8
"""Sentences: how far back a "he" may have been introduced."""


def check(draft: Draft, brief: Brief) -> Report:
    """Return what proves each sentence of a draft, and what nothing proves.

    A paragraph may use the exhibits that it names, the brief's context, and the pull request's own display
    fields; the title, the gist, the epithet and the punchline may use all exhibits of the brief. What is said of
    a person beyond the events of the pull request is objected to as well (law 7).
    """
    return _Check(draft, brief).report()


def prune(draft: Draft, report: Report, brief: Brief) -> tuple[Draft, tuple[str, ...]]:  # noqa: ARG001 - the shape of a step
    """Return the draft without the sentences that failed, and those sentences.

    A paragraph of which nothing is left is left out. A title, epithet or punchline that failed becomes empty,
    as does a gist of which no sentence stands: ``report.unusable`` names them, and the caller must replace them.
    """
    dropped = tuple(said.text for said in report.sentences if not said.proven)
    if not dropped:
        return draft, ()
    kept = [
        paragraph.model_copy(update={"text": text})
        for at, paragraph in enumerate(draft.paragraphs)
        if (text := _kept(report.of(Part.PARAGRAPH, at)))
    ]
    lines = {part.value: _kept(report.of(part)) for part in Part if part is not Part.PARAGRAPH}
    return draft.model_copy(update={"paragraphs": tuple(kept), **lines}), dropped


def _kept(said: Iterable[CheckedSentence]) -> str:
    return " ".join(item.text for item in said if item.proven)


def proofs(report: Report) -> Iterator[tuple[str, tuple[Proof, ...]]]:
    """Yield each sentence with what proves it, in reading order: for ``roast-bot roast --receipts``."""
    for said in report.sentences:
        yield said.text, said.proofs


_unkind = lru_cache(maxsize=4096)(unkind)
"""A writer checks its own sentences, then its draft is checked, and checked again when what did not hold is gone."""


@dataclass
class _Thread:
    """What carries over from sentence to sentence."""

    earlier: list[Stated] = field(default_factory=list)
    previous: tuple[Stated, ...] = ()
    before: frozenset[str] = frozenset()
    tells: Tells = Tells.HERE
    here: list[Stated] = field(default_factory=list)


class _Check:
    def __init__(self, draft: Draft, brief: Brief) -> None:
        self.draft = draft
        self.brief = brief
        self.ledgers: Mapping[str, Ledger] = {item.id or item.kind: ledger_of(item) for item in brief.exhibits}
        self.subject = ledger_of_subject(brief.subject)
        self.everything = Evidence((self.subject, *self.ledgers.values()))
        self.refrain = frozenset(item.text for text in (draft.title, draft.punchline) for item in tokens(text))
        self.stated: list[Stated] = []
        self.said: list[str] = []
        self.told: set[str] = set()
        self.people = () if brief.subject.author_is_bot else (brief.subject.author,)

    def report(self) -> Report:
        """Check every part in reading order."""
        found: list[CheckedSentence] = [*self._one_line(Part.TITLE, self.draft.title), *self._gist()]
        for at, paragraph in enumerate(self.draft.paragraphs):
            found += self._paragraph(at, paragraph)
        found += self._one_line(Part.EPITHET, self.draft.epithet)
        found += self._one_line(Part.PUNCHLINE, self.draft.punchline)
        return Report(sentences=tuple(found))

    def _one_line(self, part: Part, text: str) -> Iterator[CheckedSentence]:
        if text.strip():
            claims = self._claims(text.strip(), self.everything, _Thread(tells=Tells.BOTH), text)
            yield CheckedSentence(part=part, text=text.strip(), claims=claims)

    def _gist(self) -> Iterator[CheckedSentence]:
        thread = _Thread(tells=Tells.BOTH)
        for text in sentences(self.draft.gist):
            thread.tells = Tells.BOTH
            yield CheckedSentence(
                part=Part.GIST, text=text, claims=self._claims(text, self.everything, thread, self.draft.gist)
            )

    def _paragraph(self, at: int, paragraph: Paragraph) -> Iterator[CheckedSentence]:
        evidence, unknown = self._evidence_for(paragraph.exhibits)
        thread = _Thread(earlier=self.stated, tells=self._begins_with(paragraph.exhibits))
        for position, text in enumerate(sentences(paragraph.text)):
            claims = self._claims(text, evidence, thread, paragraph.text)
            yield CheckedSentence(
                part=Part.PARAGRAPH, paragraph=at, text=text, claims=(*(unknown if position == 0 else ()), *claims)
            )

    def _begins_with(self, ids: Iterable[str]) -> Tells:
        """Return what a paragraph tells of at first: a sequel's own paragraph may begin with the sequel."""
        cited = [self.ledgers[name] for name in ids if name in self.ledgers]
        context = {item.id or item.kind for item in self.brief.context}
        own = [ledger for ledger in cited if ledger.exhibit not in context]
        return Tells.BOTH if own and all(ledger.later for ledger in own) else Tells.HERE

    def _evidence_for(self, ids: Iterable[str]) -> tuple[Evidence, tuple[Claim, ...]]:
        cited = [self.subject, *(self.ledgers[item.id or item.kind] for item in self.brief.context)]
        unknown: list[Claim] = []
        for name in ids:
            if name in self.ledgers:
                cited.append(self.ledgers[name])
            else:
                unknown.append(unproven(ClaimKind.CITATION, name, "the brief has no exhibit of that name"))
        background = (item.id or item.kind for item in self.brief.context)
        return Evidence(dict.fromkeys(cited), background), tuple(unknown)

    def _unkindnesses(self, text: str) -> Iterator[Claim]:
        before = " ".join(self.said[-_REMEMBERED:])
        self.said.append(text)
        for item in _unkind(text, self.people, before):
            yield unproven(ClaimKind.PERSON, item.phrase, item.reason)

    def _claims(self, text: str, evidence: Evidence, thread: _Thread, whole: str) -> tuple[Claim, ...]:
        if len(text) > _LONGEST_SENTENCE:
            return (
                unproven(
                    ClaimKind.CITATION, text[:80], "a sentence this long is neither readable nor checkable: split it"
                ),
            )
        scene = Scene(
            text=unnested(text, evidence), evidence=evidence,
            earlier=tuple(thread.earlier), previous=thread.previous, before=thread.before,
            paragraph_text=whole, refrain=self.refrain, tells=_tells(text, thread.tells, self.brief),
            here=tuple(thread.here), told=frozenset(self.told),
        )  # fmt: skip
        claims = [*names(scene), *_figures(scene), *calendar.loose_spans(scene), *calendar.weekdays(scene)]
        claims += [
            *manner.absolutes(scene),
            *manner.comparisons(scene),
            *manner.absences(scene),
            *manner.sameness(scene),
            *standing.run_time(scene),
            *roles.roles(scene),
            *people.parts(scene, self.brief.subject),
            *universal.universals(scene),
            *universal.presences(scene),
            *universal.deeds(scene),
        ]
        used = frozenset(proof.exhibit for claim in claims for proof in claim.proofs)
        claims += standing.place(scene, used)
        claims += self._unkindnesses(text)
        told = counts.stated(scene) if all(claim.proven for claim in claims) else ()
        self.told |= {claim.text for claim in claims if claim.proven and claim.kind in _COME_BACK}
        thread.earlier += told
        thread.here += told
        thread.previous, thread.before = told, scene.stems
        thread.tells = scene.tells
        return tuple(claims)


def _figures(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of every number, date and duration."""
    dates = [day for at in range(len(scene.items)) if (day := day_at(scene.items, at))]
    taken = {at for day in dates for at in range(day.first, day.last + 1)}
    for day in dates:
        yield calendar.date(scene, day)
    found = [number for number in scene.numbers if number.first not in taken]
    at = 0
    while at < len(found):
        span = span_at(scene.items, found, at)
        if span is not None:
            claim = calendar.duration(scene, span[0])
            at += span[1]
        else:
            claim = _figure(scene, found[at])
            at += 1
        if claim is not None:
            yield claim


def _figure(scene: Scene, number: Number) -> Claim | None:
    if number.form in {Form.PERCENT, Form.FRACTION}:
        return shares.share(scene, number)
    if number.form is Form.ORDINAL:
        return shares.ordinal(scene, number)
    if number.form is Form.TIMES:
        return shares.times(scene, number, number.last)
    following = scene.items[number.last + 1 : number.last + 2]
    if following and is_month(following[0]):
        return unproven(ClaimKind.DATE, scene.said(number.first, number.last + 1), "there is no such day")
    if following and following[0].lower in {"time", "times"}:
        total = counts.total(scene, number)
        return total or shares.times(scene, number, number.last + 1)
    return shares.for_every(scene, number) or length(scene, number) or counts.count(scene, number)


def _tells(text: str, before: Tells, brief: Brief) -> Tells:
    """Return what a sentence tells of: a follow-up's number moves the story on, "this pull request" brings it back."""
    others = [item.text for item in tokens(text) if item.kind is Kind.PULL and item.text != f"#{brief.subject.number}"]
    lower = text.lower()
    here = "this pull request" in lower or "this one" in lower or "the merged code" in lower
    if others or "the sequel" in lower or "follow-up" in lower or "the fix " in lower:
        return Tells.BOTH
    if before in {Tells.BOTH, Tells.LATER} and not here:
        return Tells.LATER if _goes_on(text) else before
    if before in {Tells.BOTH, Tells.LATER} and _goes_on(text):  # "it changed two of the lines that this one had laid"
        return Tells.BOTH
    return Tells.HERE


def _goes_on(text: str) -> bool:
    items = tokens(text)[:8]
    return bool(stems_of(items) & {"it", "that", "its"})
