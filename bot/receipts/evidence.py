"""What the exhibits can prove: figures with what they count, dates, durations, and text to quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import combinations

from bot.brief import Subject
from bot.exhibit import Exhibit, Fact, Scalar, StandsIn, Where
from bot.receipts.nouns import COUNTED, after_number, canonical, head_of_fact
from bot.receipts.numbers import Form, Number, numbers
from bot.receipts.text import Kind, Token, clause_around, stemmed, stems, stems_of, tokens
from bot.receipts.times import MINUTES, moments, span_at

_LONGEST_TEXT = 6_000
_MEASURES = stemmed("longest shortest largest smallest biggest most least max min first last start end line share percent")
_OF_THE_LOG = frozenset((Where.COMMIT, Where.TITLE, Where.FIGURES, Where.DESCRIPTION))
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of the evidence.

    ``heads`` are stems of the nouns that it counts, ``traits`` stems that narrow them (tests, added), ``near``
    the stems of its clause and ``around`` those of its exhibit. ``later`` marks what belongs to a follow-up and not to this pull request.
    """

    value: float
    heads: frozenset[str]
    exhibit: str
    source: str
    traits: frozenset[str] = NOTHING
    near: frozenset[str] = NOTHING
    around: frozenset[str] = NOTHING
    later: bool = False
    form: Form = Form.CARDINAL
    fact: frozenset[str] = NOTHING

    @property
    def is_of_its_own(self) -> bool:
        """Whether it is a fact with a noun that only its detector knows (``edge_case_count``): no common noun to match."""
        return bool(self.fact) and not self.heads & COUNTED and not self.fact & _MEASURES

    @property
    def in_code(self) -> bool:
        """Whether it only stands in a line of code: it is quotable, but it counts nothing."""
        return self.source.startswith(("receipt file", "receipt base_file", "receipt commit_file"))


@dataclass(frozen=True, slots=True)
class Lapse:
    """A duration of the evidence; ``grain`` is the precision in minutes to which it is known."""

    minutes: float
    grain: float
    exhibit: str
    source: str
    around: frozenset[str] = NOTHING
    derived: bool = False
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Instant:
    """A date or time of the evidence. ``event`` holds the stems next to it ("opened"), ``around`` those of the exhibit."""

    when: datetime
    exact: bool
    exhibit: str
    source: str
    event: frozenset[str] = NOTHING
    around: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the evidence. ``whole`` means that a quotation must not cut it in silence: a title, a subject, a name."""

    text: str
    exhibit: str
    source: str
    whole: bool = False


@dataclass(eq=False)
class Ledger:
    """What one exhibit can prove."""

    exhibit: str
    stands_in: StandsIn | None = None
    quantities: list[Quantity] = field(default_factory=list)
    lapses: list[Lapse] = field(default_factory=list)
    instants: list[Instant] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    named: list[tuple[frozenset[str], str]] = field(default_factory=list)
    tells_of_commits: bool = False

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of every word of the exhibit."""
        return frozenset().union(*(stems(passage.text) for passage in self.passages)) | self.stated

    @property
    def later(self) -> bool:
        """Whether the exhibit tells of something merged afterwards."""
        return self.stands_in is StandsIn.AFTERWARDS


def ledger_of(exhibit: Exhibit) -> Ledger:
    """Return everything that an exhibit can prove."""
    ledger = Ledger(exhibit.id or exhibit.kind, exhibit.stands_in)
    around = stems(exhibit.summary) | stems(exhibit.kind)
    _add_text(ledger, exhibit.summary, "summary", around)
    _add_spans(ledger, exhibit.summary)
    for name, fact in exhibit.facts.items():
        _add_fact(ledger, name, fact, around, stems(exhibit.kind))
    for receipt in exhibit.receipts:
        _add_receipt(ledger, receipt.where, receipt.quote, around)
        for extra in (receipt.path, f"#{receipt.id}" if receipt.where is Where.FOLLOW_UP and receipt.id else None):
            if extra:
                ledger.passages.append(Passage(extra, ledger.exhibit, f"receipt {receipt.where}"))
    ledger.tells_of_commits = all(receipt.where in _OF_THE_LOG for receipt in exhibit.receipts)
    quotes = {receipt.quote for receipt in exhibit.receipts if receipt.where is not Where.FIGURES}
    if len(quotes) > 1:
        _count(ledger, len(quotes), stems(exhibit.kind), f"{len(quotes)} receipts", around)
        _add_groups(ledger, sorted(quotes), "receipts")
    return ledger


def ledger_of_subject(subject: Subject) -> Ledger:
    """Return what the pull request's own display fields prove: they may stand in any part."""
    ledger = Ledger("")
    shown = {"title": subject.title, "author": subject.author, "slug": subject.slug, "number": f"#{subject.number}"}
    for name, text in shown.items():
        ledger.passages.append(Passage(text, "", name, whole=name == "title"))
    for name, text in (("opened", subject.opened_on), ("merged", subject.merged_on)):
        _add_text(ledger, text, name, frozenset({*stems(name), "pull", "request"}), event=stems(name))
    _add_text(ledger, subject.took, "took", stemmed("take merge open last review"))
    for word, often in subject.words.items():
        heads = frozenset({*stems(word), *stemmed("time")})
        ledger.quantities.append(Quantity(often, heads, "", f"{word} comes {often} times", near=stems(word)))
    if subject.state == "merged":
        ledger.stated |= stemmed("merge")
    return ledger


def _add_text(
    ledger: Ledger, text: str, source: str, around: frozenset[str], event: frozenset[str] = NOTHING, *, whole: bool = False
) -> None:
    """Take the figures, dates and durations out of a text, and keep it for quotations."""
    text = text[:_LONGEST_TEXT]
    if not text:
        return
    ledger.passages.append(Passage(text, ledger.exhibit, source, whole=whole))
    for moment in moments(text):
        before = stems(text[max(0, moment.at - 30) : moment.at])
        ledger.instants.append(
            Instant(moment.when, moment.exact, ledger.exhibit, f"{source}: {text[moment.at:moment.end]}", event | before, around)
        )
    items = tokens(text)
    found = numbers(items)
    at = 0
    while at < len(found):
        span = span_at(items, found, at)
        if span is not None:
            told, used = span
            label = text[items[told.first].start : items[told.last].end]
            ledger.lapses.append(Lapse(told.minutes, told.unit, ledger.exhibit, f"{source}: {label}", around))
            at += used
            continue
        _add_number(ledger, items, found[at], source, around)
        at += 1


def _add_number(ledger: Ledger, items: Sequence[Token], number: Number, source: str, around: frozenset[str]) -> None:
    begin, end = clause_around(items, number.first, number.last)
    heads, traits = after_number(items, number, end)
    near = canonical(stems_of(items[begin:end]))
    if number.sign:
        heads, traits = stemmed("line"), near | stemmed("add" if number.sign == "+" else "remove")
    said = " ".join(item.text for item in items[number.first : min(number.last + 4, end)])
    ledger.quantities.append(
        Quantity(
            number.value, canonical(heads), ledger.exhibit, f"{source}: {said}", canonical(traits), near,
            canonical(around), ledger.later, number.form,
        )  # fmt: skip
    )


def _add_spans(ledger: Ledger, summary: str) -> None:
    """Keep what the summary quotes: whole, to be quoted, and counted by its first word."""
    spans = [item for item in tokens(summary) if item.kind in {Kind.CODE, Kind.QUOTE}]
    for item in spans:
        ledger.passages.append(Passage(item.inner, ledger.exhibit, "summary, quoted", whole=item.kind is Kind.QUOTE))
    for kind in (Kind.CODE, Kind.QUOTE):
        _add_groups(ledger, [item.inner for item in spans if item.kind is kind], "summary")


def _add_groups(ledger: Ledger, texts: Sequence[str], source: str) -> None:
    """Count how many of several texts begin with the same word: three that begin with "Fix", three asserts."""
    for word, count in Counter(text.split()[0].strip(":,(") for text in texts if text.split()).items():
        if count > 1 and word:
            _count(ledger, count, stems(word), f"{source}: {count} begin with {word}", NOTHING)


def _count(ledger: Ledger, value: float, heads: frozenset[str], source: str, around: frozenset[str]) -> None:
    ledger.quantities.append(
        Quantity(value, canonical(heads), ledger.exhibit, source, around=canonical(around), later=ledger.later)
    )


def _add_fact(ledger: Ledger, name: str, fact: Fact, around: frozenset[str], kind: frozenset[str]) -> None:
    if isinstance(fact, tuple):
        _add_list(ledger, name, fact, around | stems(name), kind)
    elif isinstance(fact, bool):
        ledger.stated |= stems(name) if fact else {"no", *stems(name)}
    elif isinstance(fact, int | float):
        _add_figure(ledger, name, fact, around, kind)
    elif isinstance(fact, str):
        ledger.named.append((stems(name), fact))
        whole = name in {"title", "subject", "follow_up_title", "name", "function"}
        _add_text(ledger, fact, name, around | stems(name), stems(name), whole=whole)


def _add_figure(ledger: Ledger, name: str, value: float, around: frozenset[str], kind: frozenset[str]) -> None:
    ledger.named.append((stems(name), f"{value:g}"))
    if name.startswith(("without_", "no_")) and value:
        ledger.stated |= stems(name)
    unit = next((unit for unit in MINUTES if unit in name.replace("s_", "_").removesuffix("s").split("_")), "")
    source = f"{name}={value:g}"
    if unit:
        ledger.lapses.append(
            Lapse(value * MINUTES[unit], MINUTES[unit], ledger.exhibit, source, around | stems(name))
        )
        return
    heads, traits = head_of_fact(name, kind)
    if name in {"number", "follow_up", "pull_request", "issue"}:
        ledger.passages.append(Passage(f"#{value:g}", ledger.exhibit, name))
    form = Form.PERCENT if name.endswith(("percent", "percentage")) else Form.CARDINAL
    form = Form.ORDINAL if name.rsplit("_", 1)[-1] in {"position", "index", "place", "rank", "ordinal"} else form
    ledger.quantities.append(
        Quantity(value, canonical(heads), ledger.exhibit, source, canonical(traits),
                 canonical(stems(name)), canonical(around), ledger.later, form, stems(name))
    )  # fmt: skip


def _add_list(
    ledger: Ledger, name: str, fact: Sequence[Scalar] | Sequence[dict[str, Scalar]], around: frozenset[str], kind: frozenset[str]
) -> None:
    heads, traits = head_of_fact(name, kind)
    ledger.quantities.append(
        Quantity(len(fact), canonical(heads), ledger.exhibit, f"{len(fact)} {name}", canonical(traits),
                 canonical(stems(name)), canonical(around), ledger.later)
    )  # fmt: skip
    texts = [item for item in fact if isinstance(item, str)]
    for text in texts:
        _add_text(ledger, text, name, around, whole=True)
    _add_groups(ledger, texts, name)
    for item in fact:
        if isinstance(item, dict):
            for key, value in item.items():
                _add_fact(ledger, key, value, around, kind)
        elif isinstance(item, int | float) and not isinstance(item, bool):
            _count(ledger, item, heads, f"{name}: {item:g}", around)
    dicts = [item for item in fact if isinstance(item, dict)]
    for key in {key for item in dicts for key in item}:
        _add_groups(ledger, [str(item[key]) for item in dicts if isinstance(item.get(key), str)], key)


def _add_receipt(ledger: Ledger, where: Where, quote: str, around: frozenset[str]) -> None:
    source = f"receipt {where}"
    if where is Where.FIGURES:
        for pair in quote.split():
            name, _, value = pair.partition("=")
            if value.replace(".", "", 1).isdigit():
                _add_figure(ledger, name, float(value), around, NOTHING)
        return
    subject_like = where in {Where.TITLE, Where.COMMIT, Where.FOLLOW_UP} and "\n" not in quote.strip()
    _add_text(ledger, quote, source, around, whole=subject_like)
    if any(mark in quote for mark in '"`“'):
        bare = quote.translate(str.maketrans('"`“”', "    "))
        for number in numbers(items := tokens(bare[:_LONGEST_TEXT])):
            _add_number(ledger, items, number, source, around)


class Evidence:
    """What several exhibits, and the pull request's own fields, prove together."""

    def __init__(self, ledgers: Iterable[Ledger]) -> None:
        """Join these ledgers."""
        self.ledgers = tuple(ledgers)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every figure."""
        return tuple(dict.fromkeys(item for ledger in self.ledgers for item in ledger.quantities))

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
            yield Lapse(gap.total_seconds() / 60, 1 if exact else 1440, exhibits, label, around, derived=True, days=days)

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
        return found

    def is_told_with(self, quantity: Quantity, text: str) -> bool:
        """Whether a text names what a figure belongs to: the function whose ``longest_function`` goes with ``longest``."""
        if not quantity.fact:
            return False
        lower = text.lower()
        return any(
            name & quantity.fact and len(value) > 2 and not value.isdigit() and value.lower() in lower
            for ledger in self.ledgers
            if ledger.exhibit == quantity.exhibit
            for name, value in ledger.named
        )


def stands_in(part: str, whole: str) -> bool:
    """Whether ``part`` stands in ``whole`` and is not cut out of the middle of a word or name."""
    at = whole.find(part)
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
