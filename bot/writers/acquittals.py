"""How an acquittal is told: two or three observations that only this pull request has, and what is kind besides.

Where an observer found little, the sort of pull request is spoken of (``lines/_sorts.toml``), as kindly as it deserves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from bot.brief import Brief, Role
from bot.exhibit import Exhibit
from bot.observations import OBSERVED
from bot.verdict import Paragraph
from bot.writers.paragraphs import joined, paragraph
from bot.writers.plain import plain_body
from bot.writers.sorts import MIXED
from bot.writers.wording import Wording, wording_of

_NOT_ABOUT = frozenset({"bump", "lock", "release", "revert"})
"""Sorts whose titles name a thing that the pull request is not about."""
_OF_A_BUMP = frozenset({"stay", "by_machine", "same_everywhere", "log_voice", "small_steps"})
"""What may be told of a bump besides its numbers."""
_MOST, _ENOUGH = 3, 2
_MOST_WORDS = 105  # with so many told, there is no room for a third observation
_WORTH_A_THIRD = 4.2  # of force: two good ones are not followed by a middling one
_LATELY, _STALER, _SLOWLY = 200, 0.9, 0.98
_NO_LIMIT = 10_000
_FAMILIES = {
    "log_voice": "log", "often_visited": "log", "smallest_step": "log", "stay": "figures", "small_steps": "figures",
    "proof_weight": "figures", "by_machine": "figures", "balance": "figures", "long_letter": "talk",
    "much_talk": "talk", "players": "tests", "spelled_out": "tests",
    "long_way_down": "place", "telling_line": "line", "new_name": "line", "whole_diff": "line",
}  # fmt: skip
"""What is of one family is told once; what is of none stands for itself."""

_OF_THE_LINE = frozenset({"indent", "moved_line", "new_address", "put_right", "turned_line", "whole_diff"})
"""What tells of a line that changed: the lines of a sort which quote it are not needed then, and it is
the last thing to grow stale, since the line is another each time."""
_QUOTING = frozenset({"oneliner", "typo"})
_OF_THE_LOG = frozenset({"clean_log", "explained_commits"})
"""Credits that quote the log, which an observation may have quoted already."""

Take = Callable[..., str | None]


class _Facts(Protocol):
    def __call__(self, exhibit: Exhibit) -> dict[str, Any]: ...


@dataclass
class Acquittal:
    """The acquitting part of one story: ``take`` chooses a line, ``facts_of`` and ``frame`` are what fills it."""

    brief: Brief
    take: Take
    facts_of: _Facts
    frame: Mapping[str, Any]

    @cached_property
    def observed(self) -> tuple[Exhibit, ...]:
        """The observations that are told, the most telling first, each of another family."""
        found = [item for item in self.brief.context if item.kind in OBSERVED]
        if self.frame["bump"]:
            found = [item for item in found if item.kind in _OF_A_BUMP][:1]
        chosen: list[Exhibit] = []
        families: set[str] = set()
        for item in sorted(found, key=lambda item: (-self._worth(item), item.kind)):
            family = _FAMILIES.get(item.kind, item.kind)
            told = len(chosen) < _ENOUGH or (len(chosen) < _MOST and item.force >= _WORTH_A_THIRD)
            if told and family not in families and not _share_a_line(item, chosen):
                chosen.append(item)
                families.add(family)
        return tuple(chosen)

    @property
    def tells_enough(self) -> bool:
        """Whether the observations carry the text, so that nothing more has to be found to say."""
        return len(self.observed) >= _ENOUGH

    def paragraphs(self, index: int, words: int) -> Iterator[Paragraph]:
        """Yield what is told after the lede, from paragraph ``index`` on; ``words`` are those of the lede."""
        texts = [(item, self._observation(item, index + (at > 1))) for at, item in enumerate(self.observed[:_ENOUGH])]
        words += sum(len(text.split()) for _, text in texts)
        if self.tells_enough:
            yield from _paragraph(texts, self._context)
            yield from self._afterwards(index + 1, words)
        elif not self.frame["bump"]:
            yield from self._short_of_news(index, texts)
        else:
            yield from _paragraph(texts, self._context)

    def _afterwards(self, index: int, words: int) -> Iterator[Paragraph]:
        """Yield a third observation or, where there is none, what is to the credit of the change."""
        if words > _MOST_WORDS:
            return
        if len(self.observed) > _ENOUGH:
            last = self.observed[_ENOUGH]
            yield from _paragraph([(last, self._observation(last, index))], self._context)
        elif credit := self._credit:
            yield from _paragraph([(credit, self._praise(credit, index))], self._context)

    def _short_of_news(self, index: int, texts: list[tuple[Exhibit, str]]) -> Iterator[Paragraph]:
        """Yield a word on what the title speaks of, the observation that there is, and a word on the sort."""
        place = ("paragraph", index)
        about = None
        if not texts and self.frame["sort"] not in _NOT_ABOUT:
            about = self.take([wording_of("_words")], "acquittal", self.frame, place)
        credit = self._credit
        sort = None if about and credit else self.line("acquittal", place)
        good = self._praise(credit, index) if credit else None
        text = joined([about, *(text for _, text in texts), sort, good])
        cited = [*(item for item, _ in texts), *([credit] if credit else []), *self._context]
        if text:
            yield Paragraph(text=text, role=Role.CREDIT, exhibits=tuple(item.id for item in cited))

    def line(self, slot: str, place: tuple[str, int | None], limit: int = _NO_LIMIT) -> str | None:
        """Return a line of a slot: on what was observed, for this sort of pull request, or one that fits many."""
        observed = self.observed if slot != "gist" else self.observed[1:] + self.observed[:1]
        for item in observed if slot != "acquittal" else ():
            if text := self.take([wording_of(item.kind)], slot, self.facts_of(item), place, limit):
                return text
        own, common = wording_of("_sorts"), wording_of("_story" if slot == "acquittal" else "_acquitted")
        if slot == "acquittal" and self.frame["sort"] in _QUOTING and self._tells_the_line:
            own = common
        for wordings in [[own, common]] if self.frame["sort"] in MIXED else [[own], [common]]:
            if text := self.take(wordings, slot, self._untold, place, limit):
                return text
        return None

    @cached_property
    def _untold(self) -> Mapping[str, Any]:
        """The frame without the changed line, where an observation tells that one: it is not quoted a second time."""
        if not self._tells_the_line:
            return self.frame
        return {**self.frame, "curiosities": {**self.frame["curiosities"], "before": "", "after": ""}}

    @property
    def _tells_the_line(self) -> bool:
        return any(item.kind in _OF_THE_LINE for item in self.observed)

    @cached_property
    def _credit(self) -> Exhibit | None:
        of_the_log = {item.kind for item in self.observed if _FAMILIES.get(item.kind) == "log"}
        credits_ = (part.exhibit for part in self.brief.cast if part.role is Role.CREDIT)
        return next((item for item in credits_ if item.kind not in _OF_THE_LOG or not of_the_log), None)

    @cached_property
    def _context(self) -> list[Exhibit]:
        return [item for item in self.brief.context if item.kind not in OBSERVED]

    def _observation(self, item: Exhibit, index: int) -> str:
        text = self.take([wording_of(item.kind)], "body", self.facts_of(item), ("paragraph", index))
        return text or plain_body(item)

    def _praise(self, credit: Exhibit, index: int) -> str:
        facts = {**self.facts_of(credit), "kind": credit.kind}
        wordings: list[Wording] = [wording_of(credit.kind), wording_of("_hot")]
        return self.take(wordings, "plain", facts, ("paragraph", index)) or plain_body(credit)

    def _worth(self, item: Exhibit) -> float:
        """Return how much it should be told: what this channel has heard a good deal of lately a little less."""
        often = sum(key.startswith(f"{item.kind}.body.") for key in self.brief.history.lines[-_LATELY:])
        return item.force * (_SLOWLY if item.kind in _OF_THE_LINE else _STALER) ** often


def _share_a_line(item: Exhibit, chosen: list[Exhibit]) -> bool:
    """Whether two observations point to one line of the code, or to lines that changed alike: it is told once."""
    places = {(one.path, one.line) for other in chosen for one in other.receipts if one.line}
    said = {_turn(other) for other in chosen} - {("", "")}
    return _turn(item) in said or any((one.path, one.line) in places for one in item.receipts)


def _turn(item: Exhibit) -> tuple[str, str]:
    """Return what an observation says that something was and became: two lines may have changed alike."""
    was, became = ("went", "came") if "went" in item.facts else ("was", "became")
    return str(item.facts.get(was, "")), str(item.facts.get(became, ""))


def _paragraph(texts: list[tuple[Exhibit, str]], context: list[Exhibit]) -> Iterator[Paragraph]:
    made = paragraph([text for _, text in texts], Role.CREDIT, [*(item for item, _ in texts), *context])
    if made:
        yield made
