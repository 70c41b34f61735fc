"""The verdict as a neutral picture of itself, which each platform draws in its own way. Pure.

All text of a card is harmless already (``bot.display``); a platform only has to escape its own markup.
"""

from __future__ import annotations

from bot.case import Coverage
from bot.display import clipped, plain, web_address
from bot.exhibit import Exhibit, Receipt, StandsIn, Where
from bot.pull_request import Frozen
from bot.verdict import Doneness, Verdict, WriterInfo

CELLS = 10
MOST_CHARGES = 4
LONGEST_EXHIBIT = 300
_SHORT_SHA = 9

STANDING_WORDS = {
    StandsIn.MERGED: "merged",
    StandsIn.PROPOSED: "proposed",
    StandsIn.ON_THE_WAY: "on the way",
    StandsIn.AFTERWARDS: "afterwards",
    StandsIn.CONVERSATION: "in the conversation",
}


class CardExhibit(Frozen):
    """One line of evidence: what was found, and where to look. ``url`` is empty where there is no host."""

    id: str
    kind: str
    text: str
    place: str
    url: str
    stands_in: str


class CardStrike(Frozen):
    """A line that an appeal struck, and the reason that was told."""

    text: str
    reason: str


class Meter(Frozen):
    """The doneness as a row of cells."""

    filled: int
    cells: int
    word: str
    level: Doneness
    acquitted: bool


class Card(Frozen):
    """What every platform shows, in the order in which it is shown."""

    title: str
    slug: str
    url: str
    byline: str
    gist: str
    charges: tuple[CardExhibit, ...]
    credit: CardExhibit | None
    epithet: str
    punchline: str
    meter: Meter
    coverage: str
    notes: tuple[str, ...]
    footer: str
    struck: tuple[CardStrike, ...] = ()

    @property
    def final_verdict(self) -> str:
        """The epithet and the punchline in one line, for places without emphasis."""
        return f"{self.epithet} — {self.punchline}" if self.punchline else self.epithet


def card_of(verdict: Verdict) -> Card:
    """Return the card of a verdict. What is sensitive or was struck does not get onto it."""
    struck = {item.exhibit for item in verdict.struck}
    shown = [item for item in verdict.public_exhibits if item.id not in struck]
    cited = {key for paragraph in verdict.paragraphs for key in paragraph.exhibits}
    ranked = sorted(shown, key=lambda item: (item.id not in cited, -item.force, item.id))
    credits_ = [item for item in ranked if item.is_credit]
    return Card(
        title=plain(verdict.title),
        slug=plain(verdict.pull_request),
        url=web_address(verdict.url),
        byline=byline(verdict),
        gist=plain(verdict.gist),
        charges=tuple(exhibit_line(item) for item in ranked if item.is_charge)[:MOST_CHARGES],
        credit=exhibit_line(credits_[0]) if credits_ else None,
        epithet=plain(verdict.epithet),
        punchline=plain(verdict.punchline),
        meter=meter(verdict),
        coverage=coverage_line(verdict.coverage),
        notes=tuple(plain(note) for note in verdict.coverage.notes),
        footer=_footer(verdict),
        struck=_strikes(verdict),
    )


def _strikes(verdict: Verdict) -> tuple[CardStrike, ...]:
    public = {item.id: item for item in verdict.public_exhibits}
    return tuple(
        CardStrike(text=clipped(public[one.exhibit].summary, LONGEST_EXHIBIT), reason=plain(one.reason))
        for one in verdict.struck
        if one.exhibit in public
    )


def byline(verdict: Verdict) -> str:
    """Return "by ada, +1,455 −53, 8 files, 13 commits, merged 20 May after 21 hours", as far as it is known."""
    subject, parts = verdict.subject, [f"by {plain(verdict.subject.author)}"]
    size = next((item.facts for item in verdict.exhibits if item.kind == "size"), {})
    additions, deletions = size.get("additions"), size.get("deletions")
    if isinstance(additions, int) and isinstance(deletions, int):
        parts.append(f"+{additions:,} −{deletions:,}")
    for name, noun in (("files", "file"), ("commits", "commit")):
        count = size.get(name)
        if isinstance(count, int):
            parts.append(f"{count:,} {noun}{'' if count == 1 else 's'}")
    if subject.merged_on:
        took = f" after {subject.took}" if subject.took else ""
        parts.append(plain(f"merged {subject.merged_on}{took}"))
    elif subject.state:
        parts.append(plain(subject.state))
    return ", ".join(parts)


def meter(verdict: Verdict) -> Meter:
    """Return the row of cells: as many filled as the score has points, at least one unless acquitted."""
    filled = 0 if verdict.acquitted else min(max(round(verdict.score), 1), CELLS)
    word = "acquitted" if verdict.acquitted else verdict.doneness.value
    return Meter(filled=filled, cells=CELLS, word=word, level=verdict.doneness, acquitted=verdict.acquitted)


def coverage_line(coverage: Coverage) -> str:
    """Return "read 32 of 32 files, 15 of 15 commits", as far as there was something to read."""
    parts = []
    if coverage.files_total:
        parts.append(f"{coverage.files_read:,} of {coverage.files_total:,} files")
    if coverage.commits_total:
        parts.append(f"{coverage.commits_read:,} of {coverage.commits_total:,} commits")
    if coverage.comments_read:
        parts.append(f"{coverage.comments_read:,} comment{'' if coverage.comments_read == 1 else 's'}")
    return f"read {', '.join(parts)}" if parts else "nothing could be read"


def place_of(receipt: Receipt) -> str:
    """Return where a receipt points, in a few characters: "src/a.py:12", "commit 1a2b3c4d5", "description"."""
    sha = plain(receipt.sha or "")[:_SHORT_SHA]
    if receipt.path:
        line = f":{receipt.line}" if receipt.line else ""
        at = f" in {sha}" if receipt.where is Where.COMMIT_FILE and sha else ""
        return f"{plain(receipt.path)}{line}{at}"
    if receipt.where is Where.FOLLOW_UP:
        return f"#{receipt.id}" if receipt.id else f"commit {sha}"
    if receipt.where is Where.COMMIT:
        return f"commit {sha}"
    return receipt.where.value.replace("_", " ")


def exhibit_line(item: Exhibit) -> CardExhibit:
    """Return one exhibit as a card shows it."""
    receipt = next((one for one in item.receipts if web_address(one.url)), item.receipts[0])
    return CardExhibit(
        id=item.id,
        kind=item.kind,
        text=clipped(item.summary, LONGEST_EXHIBIT),
        place=place_of(receipt),
        url=web_address(receipt.url),
        stands_in=STANDING_WORDS[item.stands_in],
    )


def _footer(verdict: Verdict) -> str:
    writer = verdict.writer
    name = "the embedded writer" if writer.name == "house" else plain(writer.model or writer.name)
    parts = [f"Written by {name}, {verdict.heat.value} heat"]
    if writer.fallback:
        parts.append(plain(writer.fallback))
    if writer.calls:
        parts.append(_bill(writer))
    if verdict.struck:
        parts.append(f"{len(verdict.struck)} struck on appeal")
    return " · ".join(parts)


def _bill(writer: WriterInfo) -> str:
    """Return what a model took: "2 calls, 5,120 tokens in, 1,310 out, $0.04"."""
    calls = "1 call" if writer.calls == 1 else f"{writer.calls} calls"
    cost = f", ${writer.cost_usd:.2f}" if writer.cost_usd >= 0.005 else ""
    return f"{calls}, {writer.input_tokens:,} tokens in, {writer.output_tokens:,} out{cost}"
