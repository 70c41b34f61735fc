"""One attempt at a roast: what is told, in which words, and which line stands where.

A roast opens with a paragraph in plain words: what was wanted and what was built. Then the image is planted, where one
fits, and each of the chosen exhibits gets a paragraph: in the image's own words where it has them, else in plain ones.
A joke is never told twice in a channel. Where every fitting line was told, what is left is the fact itself
(``bot.writers.plain``), which differs because the facts differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.brief import Brief, Cast, Heat, Role
from bot.exhibit import Exhibit
from bot.topics import Topic, topic_of
from bot.verdict import LONGEST_EPITHET, LONGEST_GIST, LONGEST_PUNCHLINE, LONGEST_TITLE, Draft, Paragraph
from bot.writers.acquittals import Acquittal
from bot.writers.frame import frame_of
from bot.writers.ideas import strangeness
from bot.writers.motifs import Motif
from bot.writers.paragraphs import paragraph
from bot.writers.plain import opens_with_an_image, plain_body, plain_fact, plain_head, says_it_all
from bot.writers.telling import is_firm, told_parts
from bot.writers.wording import Line, Wording, render, wording_of

_MOST_BRIDGES = 2
_MOST_STAKES = 2
_NO_LIMIT = 10_000
_CONTEXT_KINDS = ("size", "purpose", "curiosities", "built")
_PLAIN_SLOTS = frozenset("wanted deed built bill why plain_gist plain_title plain_epithet plain_punchline".split())
"""Slots whose lines are hinges for facts: they may come again, for what they hold differs."""

_OWN_WORDS = ("purpose.trouble", "purpose.first_sentence", "built.file_says")

Place = tuple[str, int | None]


@dataclass
class Story:
    """One attempt at a draft: what was taken so far, and which line stands where."""

    brief: Brief
    motif: Motif | None
    banned: frozenset[str]
    charges: int
    keys: dict[Place, list[str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    bridges: int = 0
    opened: bool = False
    told: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    in_image: list[Role] = field(default_factory=list)
    stakes: int = 0

    def compose(self) -> Draft:
        """Write every part once."""
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
        lede = self._lede(0)
        told = [lede] if lede else []
        if self.brief.acquitted:
            told += self._acquittal.paragraphs(len(told), len(lede.text.split()) if lede else 0)
        yield from told
        index = len(told)
        builders: list[Callable[[int], Paragraph | None]] = []
        for part in self._told_parts:
            builders.append(self._teller(part))
            if part.role is Role.HEADLINE:
                builders.append(self._why_it_matters(part))
        builders.append(lambda place: self._closing(place, headline))
        for build in builders:
            built = build(index)
            if built is not None:
                yield built
                index += 1

    @cached_property
    def _told_parts(self) -> list[Cast]:
        """Return the parts that get a paragraph: a few charges in telling order and a credit.

        Under an acquittal, one remark.
        """
        if self.brief.acquitted:
            enough = self._bump or self._acquittal.tells_enough
            return [] if enough else [part for part in self.brief.cast if part.role is Role.HEADLINE]
        return told_parts(self.brief, self.motif, self.charges)

    def _lede(self, index: int) -> Paragraph | None:
        """Say in plain words what was wanted and what was built, before any image begins."""
        place: Place = ("paragraph", index)
        story, facts = wording_of("_story"), self._story_facts()
        if self._bump and (text := self._take([wording_of("_sorts")], "bump", facts, place)):
            return paragraph([text], Role.LEDE, self._context())
        greeting = None if facts["ordinary"] else self._take([story], "greeting", facts, place)
        facts["greeted"] = bool(greeting)
        slots = ("wanted", "deed", "built", *(() if self.brief.acquitted else ("bill",)))
        hinges = [self._take([story], slot, facts, place) for slot in slots]
        return paragraph([greeting, *hinges], Role.LEDE, self._context())

    @cached_property
    def _acquittal(self) -> Acquittal:
        return Acquittal(self.brief, self._take, self._facts, self._frame)

    def _opening(self, place: Place) -> str | None:
        """Return what plants the image, once, where the first thing is told after the plain words."""
        if self.motif is None or self.brief.acquitted or self.opened:
            return None
        self.opened = True
        return self._take([self.motif.general], "opening", self._story_facts(), place)

    def _teller(self, part: Cast) -> Callable[[int], Paragraph | None]:
        def tell(index: int) -> Paragraph | None:
            place: Place = ("paragraph", index)
            exhibit, facts = part.exhibit, self._facts(part.exhibit)
            own = None if self.brief.acquitted else self._take([self._motif_wording(exhibit)], "body", facts, place)
            self.in_image += [part.role] if own and exhibit.is_charge else []
            opening = self._opening(place) if own else None
            bridge = None if opening or own else self._bridge(exhibit, facts, place)
            text = own or self._body(exhibit, facts, place)
            if own is None or (self.motif and not self.motif.born_of):  # what was born of the fact tells it itself
                text = self._grounded(text, exhibit, place)
            told = str(facts.get("why") or "\n") in text
            why = None if told else self._take([wording_of(exhibit.kind)], "why", facts, place)
            lead = part.role is Role.HEADLINE
            said = [opening, bridge, text, why, None if lead else self._at_stake(part, facts, place)]
            companion, more = self._companion(exhibit, place, alone=own is None)
            cited = [exhibit, *([companion] if companion else ()), *(self._context() if opening else ())]
            return paragraph([*said, more], part.role, cited)

        return tell

    def _at_stake(self, part: Cast, facts: Mapping[str, Any], place: Place) -> str | None:
        """Return what such a thing costs in general, for the headline and one more: no joke is funny without it."""
        lead = part.role is Role.HEADLINE
        if self.brief.acquitted or part.exhibit.is_credit or not (lead or self.stakes < _MOST_STAKES - 1):
            return None
        text = self._take([wording_of("_stakes")], "stakes", {**facts, "kind": part.exhibit.kind}, place)
        self.stakes += bool(text) and not lead
        return text

    def _why_it_matters(self, part: Cast) -> Callable[[int], Paragraph | None]:
        """Tell the headline's stakes in a paragraph of their own, so that its image has the last word in its own."""

        def tell(index: int) -> Paragraph | None:
            text = self._at_stake(part, self._facts(part.exhibit), ("paragraph", index))
            return paragraph([text], part.role, [part.exhibit])

        return tell

    @property
    def holds(self) -> bool:
        """Whether the image has something to do: it tells the headline, or two of the charges."""
        return Role.HEADLINE in self.in_image or len(self.in_image) > 1

    def _companion(self, main: Exhibit, place: Place, *, alone: bool) -> tuple[Exhibit | None, str | None]:
        """Return another exhibit that belongs in the same paragraph, and the sentence or two that it gets there.

        A headline's last word stays its own, and so does what was said in the image (unless ``alone``): only what
        speaks in the image too, or belongs to just that kind, is put behind those.
        """
        if self.brief.acquitted:
            return None, None
        told = {part.exhibit.id for part in self._told_parts} | set(self.joined)
        rest = [part.exhibit for part in self.brief.cast if part.exhibit.id not in told]
        for exhibit in sorted(rest, key=lambda item: -item.force):
            if exhibit.is_credit is not main.is_credit:
                continue
            part = topic_of(main).value if main is not self._headline() else ""
            facts = {**self._facts(exhibit), "kind": exhibit.kind, "behind": main.kind, "part": part}
            own = self._take([self._motif_wording(exhibit)], "also", facts, place)
            facts["part"] = part if alone or main.is_credit else ""
            text = own or self._take([wording_of("_also")], "also", facts, place)
            if text:
                self.joined.append(exhibit.id)
                return exhibit, text
        return None, None

    def _body(self, exhibit: Exhibit, facts: Mapping[str, Any], place: Place) -> str:
        """Return what is said of an exhibit without the image: dry, so that one roast has one comparison, not four."""
        wording, facts = [wording_of(exhibit.kind), wording_of("_hot")], {**facts, "kind": exhibit.kind}
        with_image = self.motif is None and not self.brief.acquitted and exhibit.id in self._pictured
        slots = ("body", "plain") if with_image else ("plain",) if self.brief.acquitted else ("plain", "body")
        for slot in slots:
            text = self._take(wording, slot, facts, place)
            if text:
                return text
        return plain_body(exhibit)

    @cached_property
    def _pictured(self) -> frozenset[str]:
        """The exhibits that get a comparison where no image runs: the headline, and the firmest of another topic."""
        headline = self._headline()
        if headline is None:
            return frozenset()
        others = [part.exhibit for part in self._told_parts if part.role is not Role.CREDIT]
        firm = [item for item in others if is_firm(item.force) and topic_of(item) is not topic_of(headline)]
        return frozenset({headline.id, *(item.id for item in sorted(firm, key=lambda item: -item.force)[:1])})

    def _grounded(self, text: str, exhibit: Exhibit, place: Place) -> str:
        """Return a paragraph that stands on plain words: where it opens with an image, the fact itself comes first."""
        fact = plain_fact(exhibit)
        if exhibit.is_credit or not opens_with_an_image(text) or says_it_all(text, fact):
            return text
        hot = None
        if self.brief.heat is not Heat.MILD:
            hot = self._take([wording_of("_hot")], "plain", {**self._facts(exhibit), "kind": exhibit.kind}, place)
        if hot and says_it_all(text, hot):
            self._put_back(place)
            return text
        return " ".join(item for item in (hot or fact, text) if item)

    def _bridge(self, exhibit: Exhibit, facts: Mapping[str, Any], place: Place) -> str | None:
        """Return a step from the image to what does not speak in it."""
        if self.brief.acquitted:
            return self._take([wording_of("_acquitted")], "bridge", facts, place)
        if self.motif is None or not self.opened or self.bridges >= _MOST_BRIDGES:
            return None
        self.bridges += 1
        topic = topic_of(exhibit)
        topic = Topic.CONVERSATION if topic is Topic.FINDINGS else topic
        return self._take([self.motif.bridges.get(topic.value)], "bridge", facts, place)

    def _closing(self, index: int, headline: Exhibit | None) -> Paragraph | None:
        """Return a short callback to the image, or to the headline where there is none."""
        if self.brief.acquitted or headline is None:
            return None
        place: Place = ("paragraph", index)
        facts = {**self._story_facts(), **self._facts(headline)}
        image = [self._motif_wording(headline), self.motif.general] if self.motif else []
        text = None
        for wording in image:
            text = text or self._take([wording], "closing", facts, place)
        if not image:  # in the plain voice an ending must play on what was told
            text = self._take([wording_of(headline.kind)], "closing", facts, place, headline=headline)
        return paragraph([text], Role.CLOSING, [headline, *self._context()]) if text else None

    def _head(self, slot: str, limit: int, headline: Exhibit | None) -> str:
        """Return title, epithet or punchline: the headline's in the image, the headline's, the image's, the story's."""
        place: Place = (slot, None)
        facts = {**self._story_facts(), **(self._facts(headline) if headline else {})}
        own = self._motif_wording(headline) if headline else None
        general = self.motif.general if self.motif else None
        kind = wording_of(headline.kind) if headline else None
        chain = [own, kind, general] if slot != "title" else [own, general, kind]
        if self.brief.acquitted:
            text = self._acquittal.line(slot, place, limit)
            chain = []
        else:
            text = None
        for wording in chain:
            text = text or self._take([wording], slot, facts, place, limit, headline=headline)
        if text:
            return text
        dry = self._take([wording_of("_story")], f"plain_{slot}", facts, place, limit)
        return dry or plain_head(slot, self.brief, headline)

    def _gist(self, headline: Exhibit | None) -> str:
        """Return two sentences: what it is, and what it is about as a comedy."""
        place: Place = ("gist", None)
        first = self._take([wording_of("_story")], "plain_gist", self._story_facts(), place, LONGEST_GIST)
        room = LONGEST_GIST - len(first or "") - 1
        second = None
        if self.brief.acquitted:
            second = self._acquittal.line("gist", place, room)
        elif headline is not None:
            second = self._take([wording_of(headline.kind)], "gist", self._facts(headline), place, room)
            second = second or (headline.summary if len(headline.summary) <= room else None)
        return " ".join(text for text in (first, second) if text)

    # what lines may use

    @cached_property
    def _said_lines(self) -> frozenset[str]:
        """The keys of all lines that this channel's history remembers."""
        return frozenset(self.brief.history.lines)

    def _context(self) -> list[Exhibit]:
        return [item for item in self.brief.context if item.kind in _CONTEXT_KINDS]

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
        return dict(self._frame)

    @cached_property
    def _frame(self) -> dict[str, Any]:
        return frame_of(self.brief, self.motif)

    @property
    def _bump(self) -> dict[str, Any]:
        """What was raised from which version to which, where the title says so and nothing is charged."""
        return self._frame["bump"] if self.brief.acquitted else {}

    # choosing a line

    def _put_back(self, place: Place) -> None:
        """Take nothing after all: the line that was taken last may be told another time."""
        self.used.pop()
        self.told.pop()
        self.keys[place].pop()

    def _take(
        self,
        wordings: Iterable[Wording | None],
        slot: str,
        facts: Mapping[str, Any],
        place: Place,
        limit: int = _NO_LIMIT,
        *,
        headline: Exhibit | None = None,
    ) -> str | None:
        """Return the best line that fits and was never said here: as hot as allowed, then by the seed.

        With a ``headline``, what plays on the comparison that was told of it comes first.
        """
        lines = [line for wording in wordings if wording for line in wording.slot(slot)]
        for line in sorted(lines, key=lambda line: self._rank(line, headline)):
            if headline and slot == "closing" and self._strangeness(line, headline):
                continue
            if line.heat.rank > self.brief.heat.rank or line.key in self.banned or line.key in self.used:
                continue
            if slot not in _PLAIN_SLOTS and line.key in self._said_lines:
                continue
            text = render(line, facts)
            if text and len(text) <= limit and not self._said(slot, text):
                if slot not in _PLAIN_SLOTS:
                    self.used.append(line.key)
                    self.told.append(line.text)
                self.keys.setdefault(place, []).append(line.key)
                return text
        return None

    def _rank(self, line: Line, headline: Exhibit | None) -> tuple[int, int, int, str]:
        """Order lines: at home in what was told, as hot as asked for, written for just such a case, then by lot."""
        astray = self._strangeness(line, headline) if headline else 0
        cooler = self.brief.heat.rank - line.heat.rank
        tells = ("kinds" in line.when) + bool(line.when)
        if line.slot == "stakes":  # what is said of just such a line before what is said of its kind
            tells = any(word in line.when for word in ("title", "words", "line_", "language"))
        if line.slot in _PLAIN_SLOTS:  # the pull request's own words before its title
            tells = any(f"{own}|" in line.text for own in _OWN_WORDS)
        return astray, cooler, -tells, self._lot(line.key)

    def _strangeness(self, line: Line, headline: Exhibit) -> int:
        kind = headline.kind
        wordings = [wording_of("_acquitted" if self.brief.acquitted else kind), self._motif_wording(headline)]
        bodies = [
            item.text for wording in wordings if wording for item in (*wording.slot("body"), *wording.slot("plain"))
        ]
        return strangeness(line.text, self.told, [text for text in bodies if text not in self.told])

    def _lot(self, key: str) -> str:
        return hashlib.sha256(f"{self.brief.seed}{key}".encode()).hexdigest()

    def _said(self, slot: str, text: str) -> bool:
        history = self.brief.history
        slot = slot.removeprefix("plain_")
        return text in {"title": history.titles, "epithet": history.epithets, "punchline": history.punchlines}.get(
            slot, ()
        )
