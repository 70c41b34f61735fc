"""Reads an exhibit: what its summary, facts and receipts can prove."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.brief import Subject
from bot.exhibit import Exhibit, Fact, Scalar, Where
from bot.receipts.ledger import NOTHING, Instant, Lapse, Ledger, Passage, Quantity
from bot.receipts.nouns import COUNTED, after_number, canonical, head_of_fact
from bot.receipts.numbers import Form, Number, numbers
from bot.receipts.text import Kind, Token, clause_around, stemmed, stems, stems_of, tokens
from bot.receipts.times import MINUTES, moments, span_at

_LONGEST_TEXT = 6_000
_NUMBERED = re.compile(r"(?:^|_)(?:number|issue|closes|pull_request|follow_up)(?:_here)?$")
_PARTICIPLES = ("ed", "written", "taken", "gone", "left", "kept", "lost")
_OF_THE_LOG = frozenset((Where.COMMIT, Where.TITLE, Where.FIGURES, Where.DESCRIPTION))


def ledger_of(exhibit: Exhibit) -> Ledger:
    """Return everything that an exhibit can prove."""
    ledger = Ledger(exhibit.id or exhibit.kind, exhibit.stands_in, record=exhibit)
    ledger.mainly = _main_noun(exhibit.summary)
    around = stems(exhibit.summary) | stems(exhibit.kind)
    _add_text(ledger, exhibit.summary, "summary", around)
    _add_spans(ledger, exhibit.summary)
    for name, fact in exhibit.facts.items():
        ledger.called |= stems(name)
        _add_fact(ledger, name, fact, around, stems(exhibit.kind))
    for receipt in exhibit.receipts:
        ledger.lines |= {receipt.line} if receipt.line else set()
        _add_receipt(ledger, receipt.where, receipt.quote, around)
        for extra in (
            receipt.path,
            receipt.sha,
            f"#{receipt.id}" if receipt.where is Where.FOLLOW_UP and receipt.id else None,
        ):
            if extra:
                ledger.passages.append(Passage(extra, ledger.exhibit, f"receipt {receipt.where}"))
    ledger.tells_of_commits = all(receipt.where in _OF_THE_LOG for receipt in exhibit.receipts)
    quotes = {receipt.quote for receipt in exhibit.receipts if receipt.where is not Where.FIGURES}
    if len(quotes) > 1:
        _count(ledger, len(quotes), stems(exhibit.kind), f"{len(quotes)} receipts", around)
        _add_groups(ledger, sorted(quotes), "receipts")
    return ledger


def _main_noun(summary: str) -> frozenset[str]:
    """Return what the first figure of a summary counts."""
    items = tokens(summary)
    found = [after_number(items, number, len(items))[0] for number in numbers(items)]
    return next((canonical(heads) & COUNTED for heads in found if canonical(heads) & COUNTED), NOTHING)


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
    ledger: Ledger,
    text: str,
    source: str,
    around: frozenset[str],
    event: frozenset[str] = NOTHING,
    *,
    whole: bool = False,
) -> None:
    """Take the figures, dates and durations out of a text, and keep it for quotations."""
    text = text[:_LONGEST_TEXT]
    if not text:
        return
    ledger.passages.append(Passage(text, ledger.exhibit, source, whole=whole))
    dated = moments(text)
    for moment in dated:
        before = stems(text[max(0, moment.at - 30) : moment.at])
        ledger.instants.append(
            Instant(
                moment.when,
                moment.exact,
                ledger.exhibit,
                f"{source}: {text[moment.at : moment.end]}",
                event | before,
                around,
            )
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
        start = items[found[at].first].start
        if not any(moment.at <= start < moment.end for moment in dated):  # the 8 of "8 May" counts nothing
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
            number.value,
            canonical(heads),
            ledger.exhibit,
            f"{source}: {said}",
            canonical(traits),
            near,
            canonical(around),
            ledger.later,
            number.form,
        )
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
    for text, count in Counter(texts).items():
        if 1 < count < len(texts):
            _count(ledger, count, stems(text), f"{source}: {count} are {text[:60]}", stems(text))


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
        ledger.lapses.append(Lapse(value * MINUTES[unit], MINUTES[unit], ledger.exhibit, source, around | stems(name)))
        return
    if name == "line" or name.endswith("_line"):
        ledger.lines.add(int(value))
        return
    heads, traits = head_of_fact(name, kind)
    if name.endswith(_PARTICIPLES) and not heads & COUNTED:  # "written=817" beside "lines=206" are lines
        heads, traits = ledger.mainly or heads, stems(name)
    if _NUMBERED.search(name):
        ledger.passages.append(Passage(f"#{value:g}", ledger.exhibit, name))
    form = Form.PERCENT if name.endswith(("percent", "percentage", "share")) else Form.CARDINAL
    form = Form.ORDINAL if name.rsplit("_", 1)[-1] in {"position", "index", "place", "rank", "ordinal"} else form
    ledger.quantities.append(
        Quantity(value, canonical(heads), ledger.exhibit, source, canonical(traits),
                 canonical(stems(name)), canonical(around), ledger.later, form, stems(name))
    )  # fmt: skip


def _add_list(
    ledger: Ledger,
    name: str,
    fact: Sequence[Scalar] | Sequence[dict[str, Scalar]],
    around: frozenset[str],
    kind: frozenset[str],
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
            if _NUMBERED.search(name):
                ledger.passages.append(Passage(f"#{item:g}", ledger.exhibit, name))
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
