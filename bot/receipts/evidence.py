"""What the exhibits that a text may use prove together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations

from bot.receipts.ledger import Instant, Lapse, Ledger, Passage, Quantity
from bot.receipts.text import stemmed

_SHORT_CODE = 12


class Evidence:
    """What several exhibits, and the pull request's own fields, prove together."""

    def __init__(self, ledgers: Iterable[Ledger], background: Iterable[str] = ()) -> None:
        """Join these ledgers; ``background`` names the exhibits that any text may use without citing them."""
        self.ledgers = tuple(ledgers)
        self.background = frozenset({"", *background})

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every figure that counts something."""
        return tuple(item for item in self._figures if not item.is_frequency)

    @cached_property
    def frequencies(self) -> tuple[Quantity, ...]:
        """How often which word comes."""
        return tuple(item for item in self._figures if item.is_frequency)

    @cached_property
    def _figures(self) -> tuple[Quantity, ...]:
        return tuple(dict.fromkeys(item for ledger in self.ledgers for item in ledger.quantities))

    @cached_property
    def own(self) -> frozenset[str]:
        """The exhibits that a text rests on: those it cites, or the background where it cites nothing else."""
        cited = frozenset(ledger.exhibit for ledger in self.ledgers)
        return cited - self.background or cited

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text."""
        return tuple(dict.fromkeys(item for ledger in self.ledgers for item in ledger.passages))

    @cached_property
    def instants(self) -> tuple[Instant, ...]:
        """Every date and time."""
        return tuple(dict.fromkeys(item for ledger in self.ledgers for item in ledger.instants))

    @cached_property
    def lapses(self) -> tuple[Lapse, ...]:
        """Every duration that is stated, and those between any two dates."""
        stated = dict.fromkeys(item for ledger in self.ledgers for item in ledger.lapses)
        return (*stated, *self._differences())

    def _differences(self) -> Iterator[Lapse]:
        for one, other in combinations(self.instants[:60], 2):
            first, last = (one, other) if one.when <= other.when else (other, one)
            exact = one.exact and other.exact
            gap = (last.when - first.when) if exact else (last.when.date() - first.when.date())
            around = first.event | last.event
            if exact and stemmed("open") <= first.event and stemmed("merge") <= last.event:
                around |= stemmed("take last review hour")
            days = (first.when.date(), last.when.date())
            label = f"{first.source} to {last.source}"
            exhibits = "+".join(dict.fromkeys(name for name in (first.exhibit, last.exhibit) if name))
            yield Lapse(
                gap.total_seconds() / 60, 1 if exact else 1440, exhibits, label, around, derived=True, days=days
            )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of every word."""
        return frozenset().union(*(ledger.vocabulary for ledger in self.ledgers))

    def letter_by_letter(self, text: str) -> Passage | None:
        """Return a text in which this one stands letter by letter, as a whole or as whole words.

        Prose holds one space where code may hold several; that is no other letter.
        """
        found = next((passage for passage in self.passages if stands_in(text, passage.text)), None)
        if found is None and " " in text:
            flat = " ".join(text.split())
            found = next((item for item in self.passages if stands_in(flat, " ".join(item.text.split()))), None)
        if found is None and len(text) > _SHORT_CODE:  # a code span cannot hold the backticks of a template literal
            found = next(
                (it for it in self.passages if "`" in it.text and stands_in(text, it.text.replace("`", ""))), None
            )
        return found

    def is_told_with(self, quantity: Quantity, text: str) -> bool:
        """Whether a text names what a figure belongs to, as ``longest_function`` goes with ``longest``."""
        if not quantity.fact:
            return False
        lower = text.lower()
        return any(
            name & quantity.fact and not value.isdigit() and _is_told(value.lower(), lower)
            for ledger in self.ledgers
            if ledger.exhibit == quantity.exhibit
            for name, value in ledger.named
        )


def _is_told(name: str, text: str) -> bool:
    """Whether a text tells a name: whole, or a method's without its class."""
    short = name.rsplit(".", 1)[-1] if re.fullmatch(r"[\w.]+\.\w{3,}", name) else name
    return len(name) > 2 and (name in text or short in text)


def stands_in(part: str, whole: str) -> bool:
    """Whether ``part`` stands in ``whole`` and is not cut out of the middle of a word or name."""
    at = whole.find(part) if part else -1
    while at >= 0:
        end = at + len(part)
        cut_before = at > 0 and _inside(whole[at - 1], part[0])
        cut_after = end < len(whole) and _inside(part[-1], whole[end])
        if not cut_before and not cut_after:
            return True
        at = whole.find(part, at + 1)
    return False


def _inside(left: str, right: str) -> bool:
    return (left.isalnum() or left == "_") and (right.isalnum() or right == "_")
