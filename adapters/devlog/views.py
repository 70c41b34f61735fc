"""A stored verdict as a page shows it: nothing sensitive, what was struck marked as struck, every string harmless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from adapters.devlog.prose import Links, links_of, prose, quoted, without_marks
from bot.card import STANDING_WORDS, Meter, byline, card_of, place_of
from bot.display import cut, plain
from bot.exhibit import Exhibit, Receipt, Where
from bot.feedback import Meaning
from bot.publishing import path_of
from bot.records import StoredVerdict, VerdictId
from bot.verdict import Paragraph, Verdict

_MOST_RECEIPTS = 3
_IN_PROSE = frozenset(
    {Where.TITLE, Where.DESCRIPTION, Where.REVIEW, Where.REVIEW_COMMENT, Where.COMMENT, Where.COMMIT, Where.FOLLOW_UP}
)
VOICES = {
    Meaning.FUNNY: ("🔥", "funny"),
    Meaning.TRUE: ("🎯", "true"),
    Meaning.THANKS: ("🙏", "thanks"),
    Meaning.HARSH: ("💀", "too harsh"),
    Meaning.DULL: ("😐", "dull"),
    Meaning.WRONG: ("❌", "wrong"),
}


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One place to check: its name, its address on the host if it has one, and what stands there."""

    place: str
    url: str
    text: str
    path: str | None
    is_code: bool

    @property
    def quote(self) -> Markup:
        """What stands there, in colours where it is code: made only when shown, for feeds and lists never do."""
        return quoted(self.text, self.path) if self.is_code else Markup("{}").format(cut(self.text, 400))


@dataclass(frozen=True, slots=True)
class ExhibitView:
    """One exhibit beside a paragraph. ``seen`` says that its receipts stand beside an earlier one already."""

    id: str
    kind: str
    label: str
    stance: str
    stands_in: str
    summary: Markup
    receipts: tuple[ReceiptView, ...]
    struck: str
    seen: bool


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph with its exhibits. ``struck`` is the reason where all that it rests on was struck."""

    html: Markup
    role: str
    exhibits: tuple[ExhibitView, ...]
    struck: str


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the bill: an exhibit that was told, and how much it weighs."""

    id: str
    kind: str
    label: str
    weight: float
    credit: bool
    struck: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """A post. ``when`` is the moment of the roast; ``tags`` are the offences that it tells of."""

    id: VerdictId
    path: str
    title: str
    slug: str
    repository: str
    url: str
    author: str
    byline: str
    when: datetime
    gist: Markup
    summary: str
    paragraphs: tuple[ParagraphView, ...]
    bill: tuple[BillLine, ...]
    epithet: str
    punchline: str
    meter: Meter
    score: float
    heat: str
    writer: str
    coverage: str
    notes: tuple[str, ...]
    tags: tuple[str, ...]
    voices: tuple[tuple[str, str, int], ...]
    struck: int
    changed: datetime


def label_of(kind: str) -> str:
    """Return an offence's name in words."""
    return plain(kind).replace("_", " ")


def post_view(stored: StoredVerdict, due_at: datetime) -> PostView:
    """Return a post."""
    verdict = stored.verdict
    card = card_of(verdict)
    told = tuple(_told(verdict))
    cited = {key for one in told for key in one.exhibits}
    links = links_of(verdict.url, (item for item in verdict.public_exhibits if item.id in cited))
    return PostView(
        id=stored.id,
        path=path_of(stored.id, verdict.title),
        title=card.title,
        slug=card.slug,
        repository=card.slug.partition("#")[0],
        url=links.safe(verdict.url),
        author=plain(verdict.subject.author),
        byline=byline(verdict).partition(", ")[2],
        when=stored.created_at,
        gist=prose(verdict.gist, links),
        summary=cut(without_marks(verdict.gist), 200),
        paragraphs=tuple(_paragraphs(verdict, told, links)),
        bill=tuple(_bill(verdict, told)),
        epithet=card.epithet,
        punchline=without_marks(card.punchline),
        meter=card.meter,
        score=verdict.score,
        heat=verdict.heat.value,
        writer="the embedded writer" if verdict.writer.name == "house" else plain(verdict.writer.name),
        coverage=card.coverage,
        notes=card.notes,
        tags=offences_of(verdict),
        voices=tuple((*VOICES[meaning], count) for meaning in VOICES if (count := stored.voices.get(meaning, 0)) > 0),
        struck=len(verdict.struck),
        changed=due_at,
    )


def _told(verdict: Verdict) -> Iterator[Paragraph]:
    """Yield the paragraphs that everybody may read."""
    hidden = {item.id for item in verdict.exhibits if item.sensitive}
    yield from (one for one in verdict.paragraphs if not hidden & set(one.exhibits))


def offences_of(verdict: Verdict) -> tuple[str, ...]:
    """Return the charges that the roast tells of and that stand, heaviest first."""
    struck = {one.exhibit for one in verdict.struck}
    cited = {key for paragraph in _told(verdict) for key in paragraph.exhibits} - struck
    items = sorted((item for item in verdict.public_exhibits if item.id in cited and item.is_charge), key=_heaviest)
    return tuple(dict.fromkeys(item.kind for item in items))


def _heaviest(item: Exhibit) -> float:
    return -item.force


def _paragraphs(verdict: Verdict, told: Sequence[Paragraph], links: Links) -> Iterator[ParagraphView]:
    public = {item.id: item for item in verdict.public_exhibits}
    struck = {one.exhibit: plain(one.reason) for one in verdict.struck}
    seen: set[str] = set()
    for one in told:
        grounds = [public[key] for key in one.exhibits if key in public]
        argued = [item for item in grounds if item.is_charge or item.is_credit] or grounds
        reasons = [struck[item.id] for item in argued if item.id in struck]
        yield ParagraphView(
            html=prose(one.text, links),
            role=one.role.value,
            exhibits=tuple(_exhibit(item, links, struck.get(item.id, ""), seen) for item in _shown(grounds, seen)),
            struck=reasons[0] if argued and len(reasons) == len(argued) else "",
        )


def _shown(grounds: Sequence[Exhibit], seen: set[str]) -> list[Exhibit]:
    """Put what is argued before what only gives the figures, and show those figures beside one paragraph only."""
    argued = [item for item in grounds if item.is_charge or item.is_credit]
    figures = [item for item in grounds if item not in argued]
    return argued + [item for item in figures if item.id not in seen or not argued]


def _exhibit(item: Exhibit, links: Links, struck: str, seen: set[str]) -> ExhibitView:
    again = item.id in seen
    seen.add(item.id)
    shown = [one for one in item.receipts if one.quote.strip()][:_MOST_RECEIPTS]
    return ExhibitView(
        id=plain(item.id),
        kind=item.kind,
        label=label_of(item.kind),
        stance=item.stance.value,
        stands_in=STANDING_WORDS[item.stands_in],
        summary=prose(item.summary, links),
        receipts=() if again else tuple(_receipt(one, links) for one in shown),
        struck=struck,
        seen=again,
    )


def _receipt(one: Receipt, links: Links) -> ReceiptView:
    is_code = bool(one.path) or one.where not in _IN_PROSE
    return ReceiptView(place=place_of(one), url=links.safe(one.url), text=one.quote, path=one.path, is_code=is_code)


def _bill(verdict: Verdict, told: Sequence[Paragraph]) -> Iterator[BillLine]:
    struck = {one.exhibit for one in verdict.struck}
    cited = {key for paragraph in told for key in paragraph.exhibits}
    items = [item for item in verdict.public_exhibits if item.id in cited and (item.is_charge or item.is_credit)]
    for item in sorted(items, key=lambda item: (item.is_credit, _heaviest(item))):
        yield BillLine(
            id=plain(item.id),
            kind=item.kind,
            label=label_of(item.kind),
            weight=round(item.force, 1),
            credit=item.is_credit,
            struck=item.id in struck,
        )
