"""The embedded writer: no key, no network, and the same roast for the same case, heat and history.

It decides what the pull request is about as a comedy (the headline and a running image), tells the cast in order,
and checks itself: a line that the receipts check would not let through is put back and another one taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.brief import Brief, Cast, Heat, Role, Subject
from bot.cleaning import draft as cleaned
from bot.exhibit import Exhibit
from bot.receipts import check
from bot.topics import Topic, topic_of
from bot.verdict import LONGEST_EPITHET, LONGEST_GIST, LONGEST_PUNCHLINE, LONGEST_TITLE, Draft, Paragraph, WriterInfo
from bot.writers.motifs import Motif, cast_motif
from bot.writers.wording import Line, Wording, render, wording_of

_MOST_REWRITES = 8
_MOST_BRIDGES = 3
_NO_LIMIT = 10_000
_CHARGES = 3
_SHORT = 350  # words: below this there is room for one more charge
_NEW_TOPIC = 3.0  # of force: a story has more than one kind of trouble
_SPEAKS = 1.5  # of force: what an image can say itself is told before what it cannot
_CONTEXT_KINDS = ("size", "purpose", "curiosities")


class HouseWriter:
    """Writes from the lines and motifs that ship with the project."""

    name = "house"

    async def write(self, brief: Brief, objections: Sequence[str] = ()) -> tuple[Draft, WriterInfo]:  # noqa: ARG002
        """Return a draft whose every line has passed the receipts check, as far as there are lines to choose from."""
        return self.compose(brief), WriterInfo(name=self.name)

    def compose(self, brief: Brief) -> Draft:
        """Write, check, put back what does not hold, and write again: a bounded number of times."""
        draft = self._written(brief, _CHARGES)
        if _words(draft) < _SHORT and sum(part.exhibit.is_charge for part in brief.cast) > _CHARGES:
            draft = self._written(brief, _CHARGES + 1)
        return draft

    def _written(self, brief: Brief, charges: int) -> Draft:
        motif = cast_motif(brief)
        banned: set[str] = set()
        for _ in range(_MOST_REWRITES):
            desk = _Desk(brief, motif, frozenset(banned), charges)
            draft = cleaned(desk.compose())
            failing = {(item.part, item.paragraph) for item in check(draft, brief).objections}
            keys = {key for place in failing for key in desk.keys.get(place, ())}
            if not keys - banned:
                break
            banned |= keys
        return draft


@dataclass
class _Desk:
    """One attempt at a draft: what was taken so far, and which line stands where."""

    brief: Brief
    motif: Motif | None
    banned: frozenset[str]
    charges: int
    keys: dict[tuple[str, int | None], list[str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    bridges: int = 0

    def compose(self) -> Draft:
        headline = self._headline()
        paragraphs = tuple(self._paragraphs(headline))
        head = {
            slot: self._head(slot, limit, headline)
            for slot, limit in (
                ("title", LONGEST_TITLE),
                ("epithet", LONGEST_EPITHET),
                ("punchline", LONGEST_PUNCHLINE),
            )
        }
        gist = self._gist(headline)
        motif = self.motif.name if self.motif else ""
        return Draft(gist=gist, paragraphs=paragraphs, motif=motif, lines=tuple(self.used), **head)

    # the parts

    def _paragraphs(self, headline: Exhibit | None) -> Iterator[Paragraph]:
        index = 0
        builders: list[Callable[[int], Paragraph | None]] = [self._lede]
        builders += [self._teller(part) for part in self._told()]
        builders.append(lambda place: self._closing(place, headline))
        for build in builders:
            paragraph = build(index)
            if paragraph is not None:
                yield paragraph
                index += 1

    def _told(self) -> list[Cast]:
        """Return the parts that get a paragraph: a few charges in telling order and a credit.

        Under an acquittal, the credits and one remark.
        """
        credits_ = [part for part in self.brief.cast if part.role is Role.CREDIT]
        charges = [part for part in self.brief.cast if part.role is not Role.CREDIT]
        if self.brief.acquitted:
            return credits_ + [part for part in charges if part.role is Role.HEADLINE]
        told = self._chosen(charges)
        return [part for part in charges if part in told] + sorted(credits_, key=self._worth, reverse=True)[:1]

    def _chosen(self, charges: list[Cast]) -> list[Cast]:
        """Return the headline and the best of the rest, a new topic and the code itself before more of the same."""
        told: list[Cast] = []
        while len(told) < min(self.charges, len(charges)):
            topics = {topic_of(part.exhibit) for part in told}

            def worth(part: Cast, topics: set[Topic] = topics) -> float:
                topic = topic_of(part.exhibit)
                return self._worth(part) + _NEW_TOPIC * (topic not in topics) + (topic is Topic.CODE)

            told.append(max((part for part in charges if part not in told), key=worth))
        return told

    def _worth(self, part: Cast) -> float:
        """Return how much a part should be told: the headline always, then by force, and what the image can say."""
        speaks = self.motif is not None and part.exhibit.kind in self.motif.offences
        return part.exhibit.force + (_SPEAKS if speaks else 0) + (100 if part.role is Role.HEADLINE else 0)

    def _lede(self, index: int) -> Paragraph | None:
        place = ("paragraph", index)
        story = wording_of("_story")
        slot = "acquittal" if self.brief.acquitted else "lede"
        context = [item for item in self.brief.context if item.kind in _CONTEXT_KINDS]
        texts = [self._take([story], slot, self._story_facts(), place)]
        if self.motif and not self.brief.acquitted:
            texts.append(self._take([self.motif.general], "opening", self._story_facts(), place))
        return _paragraph(texts, Role.LEDE, context)

    def _teller(self, part: Cast) -> Callable[[int], Paragraph | None]:
        def tell(index: int) -> Paragraph | None:
            place = ("paragraph", index)
            exhibit, facts = part.exhibit, self._facts(part.exhibit)
            own = None if self.brief.acquitted else self._take([self._motif_wording(exhibit)], "body", facts, place)
            if own:
                return _paragraph([own], part.role, [exhibit])
            body = self._take([wording_of(exhibit.kind)], "body", facts, place) or exhibit.summary
            before, after = self._frame(exhibit, facts, place)
            return _paragraph([before, body, after], part.role, [exhibit])

        return tell

    def _frame(
        self, exhibit: Exhibit, facts: Mapping[str, Any], place: tuple[str, int]
    ) -> tuple[str | None, str | None]:
        """Return a bridge before or a landing after a body that does not speak in the image itself."""
        if self.brief.acquitted and exhibit.is_charge:
            return self._take([wording_of("_acquitted")], "bridge", facts, place), None
        if self.motif is None or self.brief.acquitted or self.bridges >= _MOST_BRIDGES:
            return None, None
        self.bridges += 1
        topic = topic_of(exhibit).value
        first, second = ("bridge", "landing") if self.bridges % 2 else ("landing", "bridge")
        for slot in (first, second):
            wordings = (self.motif.bridges if slot == "bridge" else self.motif.landings).get(topic)
            text = self._take([wordings], slot, facts, place)
            if text:
                return (text, None) if slot == "bridge" else (None, text)
        return None, None

    def _closing(self, index: int, headline: Exhibit | None) -> Paragraph | None:
        """Return a short callback to the image, or to the headline where there is none."""
        if self.brief.acquitted or headline is None:
            return None
        place = ("paragraph", index)
        context = [item for item in self.brief.context if item.kind in _CONTEXT_KINDS]
        sources = [self._motif_wording(headline), self.motif.general if self.motif else None, wording_of(headline.kind)]
        facts = {**self._story_facts(), **self._facts(headline)}
        for wording in sources:
            text = self._take([wording], "closing", facts, place)
            if text:
                return _paragraph([text], Role.CLOSING, [headline, *context])
        return None

    def _head(self, slot: str, limit: int, headline: Exhibit | None) -> str:
        """Return title, epithet or punchline: the headline's in the image, the headline's, the image's, the story's."""
        place = (slot, None)
        facts = {**self._story_facts(), **(self._facts(headline) if headline else {})}
        own = self._motif_wording(headline) if headline else None
        general = self.motif.general if self.motif else None
        kind = wording_of(headline.kind) if headline else None
        chain = [own, kind, general] if slot != "title" else [own, general, kind]
        if self.brief.acquitted:
            chain = [wording_of("_acquitted"), kind if headline is not None and headline.is_credit else None]
            if self._lot(slot) < "8":  # half of the time the credit has the word
                chain.reverse()
        for wording in [*chain, wording_of("_story")]:
            text = self._take([wording], slot, facts, place, limit)
            if text:
                return text
        return _FALLBACK[slot]

    def _gist(self, headline: Exhibit | None) -> str:
        """Return two sentences: what it is, and what it is about as a comedy."""
        place = ("gist", None)
        first = self._take(
            [wording_of("_acquitted" if self.brief.acquitted else "_story")], "gist", self._story_facts(), place
        )
        second = None
        if headline is not None and (headline.is_credit or not self.brief.acquitted):
            room = LONGEST_GIST - len(first or "") - 1
            second = self._take([wording_of(headline.kind)], "gist", self._facts(headline), place, room)
            second = second or (headline.summary if len(headline.summary) <= room else None)
        return " ".join(text for text in (first, second) if text)

    # what lines may use

    def _headline(self) -> Exhibit | None:
        charges = [part.exhibit for part in self.brief.cast if part.role is Role.HEADLINE]
        credits_ = [part.exhibit for part in self.brief.cast if part.role is Role.CREDIT]
        ranked = credits_ + charges if self.brief.acquitted else charges + credits_
        return ranked[0] if ranked else None

    def _motif_wording(self, exhibit: Exhibit) -> Wording | None:
        return self.motif.offences.get(exhibit.kind) if self.motif else None

    def _facts(self, exhibit: Exhibit) -> dict[str, Any]:
        return {**self._story_facts(), **exhibit.facts, "stands_in": exhibit.stands_in.value}

    def _story_facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"pr": self.brief.subject.model_dump(), "words": self.brief.subject.words}
        for item in self.brief.context:
            facts[item.kind] = dict(item.facts)
        if self.motif:
            facts["clauses"] = self.motif.clauses(self.brief.subject.words)
        kinds = {part.exhibit.kind for part in self.brief.cast}
        return {**facts, "kinds": kinds, "heat": self.brief.heat.value, "ordinary": _is_ordinary(self.brief.subject)}

    # choosing a line

    def _take(
        self,
        wordings: Iterable[Wording | None],
        slot: str,
        facts: Mapping[str, Any],
        place: tuple[str, int | None],
        limit: int = _NO_LIMIT,
    ) -> str | None:
        """Return the best line that fits: never said here before first, as hot as allowed, then by the seed."""
        lines = [line for wording in wordings if wording for line in wording.slot(slot)]
        for line in sorted(lines, key=self._rank):
            if line.heat.rank > self.brief.heat.rank or line.key in self.banned or line.key in self.used:
                continue
            text = render(line, facts)
            if text and len(text) <= limit and not self._said(slot, text):
                self.used.append(line.key)
                self.keys.setdefault(place, []).append(line.key)
                return text
        return None

    def _rank(self, line: Line) -> tuple[int, int, int, str]:
        """Order lines: never said here first, then as hot as asked for, then by how much they tell.

        A lede that says in the pull request's own words what was wanted comes before one that cannot, and what was
        written for just such a case before what fits any.
        """
        said = self.brief.history.lines
        lately = len(said) - 1 - said[::-1].index(line.key) if line.key in said else -1
        cooler = self.brief.heat.rank - line.heat.rank
        tells = 2 * (line.slot == "lede" and "first_sentence" in line.text) + ("kinds" in line.when) + bool(line.when)
        return lately, cooler if self.brief.heat is Heat.SPICY else 0, -tells, self._lot(line.key)

    def _lot(self, key: str) -> str:
        return hashlib.sha256(f"{self.brief.seed}{key}".encode()).hexdigest()

    def _said(self, slot: str, text: str) -> bool:
        history = self.brief.history
        return text in {"title": history.titles, "epithet": history.epithets, "punchline": history.punchlines}.get(
            slot, ()
        )


_FALLBACK = {
    "title": "A Pull Request, Examined",
    "epithet": "The Defendant",
    "punchline": "the evidence is listed below.",
}


def _is_ordinary(subject: Subject) -> bool:
    """Whether it was merged and needs no gentler words: no newcomer's, no bot's, no revert."""
    gentler = subject.first_timer or subject.author_is_bot or subject.title.lower().startswith("revert")
    return subject.state == "merged" and not gentler


def _words(draft: Draft) -> int:
    return sum(len(item.text.split()) for item in draft.paragraphs)


def _paragraph(texts: Iterable[str | None], role: Role, exhibits: Sequence[Exhibit]) -> Paragraph | None:
    text = " ".join(item for item in texts if item)
    return Paragraph(text=text, role=role, exhibits=tuple(item.id for item in exhibits)) if text else None
