"""What is true passes and what is altered is caught: counts in words, percentages, ordinals, ratios, sums, durations."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.brief import Brief, Cast, Role, Subject
from bot.exhibit import Exhibit, Fact, Receipt, Stance, StandsIn, Where
from bot.receipts import check
from bot.verdict import Draft, Paragraph

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
QUICK = settings(max_examples=40, deadline=None)


def in_words(value: int) -> str:
    """Write a number below 1,000 as one writes it."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")
    rest = f" and {in_words(value % 100)}" if value % 100 else ""
    return f"{ONES[value // 100]} hundred{rest}"


def holds(text: str, summary: str, **facts: Fact) -> bool:
    """Whether a paragraph passes that rests on one exhibit with these facts."""
    exhibit = Exhibit(
        id="E1", kind="example", stance=Stance.CHARGE, weight=5, summary=summary, facts=facts,
        stands_in=StandsIn.MERGED, receipts=(Receipt(where=Where.FIGURES, quote=""),),
    )  # fmt: skip
    subject = Subject(slug="acme/tools", number=7, title="Add a retry", url="", author="octocat")
    brief = Brief(subject=subject, context=(), cast=(Cast(exhibit=exhibit, role=Role.CHARGE),))
    paragraph = Paragraph(text=text, exhibits=("E1",))
    return check(Draft(title="", gist="", paragraphs=(paragraph,), epithet="", punchline=""), brief).passed


@QUICK
@given(actual=st.integers(2, 999), told=st.integers(2, 999))
def test_a_count_in_words(actual: int, told: int) -> None:
    """A number word is the figure that it spells, up to a thousand, and no other."""
    assert holds(f"It took {in_words(actual)} commits.", f"{actual} commits.", commits=actual)
    if told != actual:
        assert not holds(f"It took {in_words(told)} commits.", f"{actual} commits.", commits=actual)


@QUICK
@given(actual=st.integers(13, 99_999), told=st.integers(13, 99_999))
def test_a_count_in_digits(actual: int, told: int) -> None:
    """Digits, with commas or without, are that figure and no other."""
    summary = f"+{actual:,}/-3 in two files."
    for figure in (f"{actual:,}", str(actual)):
        assert holds(f"It adds {figure} lines.", summary, additions=actual, deletions=3, files=2)
    if told != actual:
        assert not holds(f"It adds {told:,} lines.", summary, additions=actual, deletions=3, files=2)


@QUICK
@given(whole=st.integers(100, 9_000), share=st.floats(0.05, 0.95), off=st.integers(3, 60))
def test_a_percentage(whole: int, share: float, off: int) -> None:
    """A percentage is that of two figures, rounded to the next; three points more are objected to."""
    part = int(whole * share)
    percent = round(100 * part / whole)
    assume(percent + off < 100)
    facts = {"lines": whole, "test_lines": part}
    summary = f"Of {whole} added lines, {part} are tests."
    assert holds(f"{percent}% of the lines are tests.", summary, **facts)
    assert not holds(f"{percent + off}% of the lines are tests.", summary, **facts)


@QUICK
@given(position=st.integers(2, 12), told=st.integers(2, 12), more=st.integers(0, 20))
def test_an_ordinal(position: int, told: int, more: int) -> None:
    """An ordinal ("the fourth commit") is that of the exhibit, and no other."""
    facts = {"position": position, "own_commits": 12 + more}
    summary = f"Commit {position} of {12 + more} changes the approach."
    assert holds(f"The {ORDINALS[position - 1]} commit changes the approach.", summary, **facts)
    if told != position:
        assert not holds(f"The {ORDINALS[told - 1]} commit changes the approach.", summary, **facts)


@QUICK
@given(code=st.integers(20, 400), times=st.integers(2, 9), off=st.integers(2, 9))
def test_a_ratio(code: int, times: int, off: int) -> None:
    """A ratio, "four times as many" or "four for every one", is the quotient of two figures."""
    facts = {"test_lines": code * times, "production_lines": code}
    summary = f"{code * times} lines of tests, {code} lines of production code."
    for told, true in ((times, True), (times + off, False)):
        often = f"There are {ONES[told]} times as many lines of tests as lines of production code."
        every = f"There are {ONES[told]} lines of tests for every line of production code."
        assert holds(often, summary, **facts) is true, often
        assert holds(every, summary, **facts) is true, every


@QUICK
@given(added=st.integers(200, 9_000), removed=st.integers(20, 199), off=st.integers(1, 900))
def test_a_sum_and_a_difference(added: int, removed: int, off: int) -> None:
    """What the sentence adds up or subtracts must come out."""
    facts = {"additions": added, "deletions": removed}
    summary = f"+{added:,}/-{removed:,} in two files."
    both, more = added + removed, added - removed
    assume(not {both + off, more + off} & {added, removed, both, more})
    for said, value in (("{:,} lines were changed in all.", both), ("{:,} more lines come in than go out.", more)):
        assert holds(said.format(value), summary, **facts), said
        assert not holds(said.format(value + off), summary, **facts), said


@QUICK
@given(seen=st.integers(20, 90), part=st.integers(2, 12), off=st.integers(1, 9))
def test_what_the_paragraph_works_out(seen: int, part: int, off: int) -> None:
    """What "leaves" so many is the difference of two figures that the paragraph has given."""
    facts = {"tests": seen, "edge_cases": part}
    summary = f"{seen} new tests, {part} of them on what goes wrong."
    told = f"There are {seen} new tests. {in_words(part).capitalize()} of them are about what goes wrong."
    left = seen - part
    assume(left + off not in {seen, part})
    assert holds(f"{told} That leaves {left} tests for fair weather.", summary, **facts)
    assert not holds(f"{told} That leaves {left + off} tests for fair weather.", summary, **facts)


@QUICK
@given(days=st.integers(1, 60), hours=st.integers(1, 23), off=st.integers(1, 40), late=st.booleans())
def test_a_duration(days: int, hours: int, off: int, late: bool) -> None:
    """A stated duration is told to its day and hour; another day, hour or unit is objected to."""
    stated = f"{days} days and {hours} hours"
    told = f"{days + off} days and {hours} hours" if late else f"{days} days and {(hours + off) % 23 + 1} hours"
    assume(told != stated)
    summary = f"The fix came {stated} after the merge."
    assert holds(f"The fix came {stated} later.", summary, after=stated)
    assert not holds(f"The fix came {told} later.", summary, after=stated)
    assert not holds(f"The fix came {days} weeks and {hours} hours later.", summary, after=stated)


@QUICK
@given(
    opened=st.dates(date(2020, 1, 1), date(2026, 6, 1)),
    days=st.integers(4, 300),
    off=st.integers(2, 60),
)
def test_a_duration_between_two_dates(opened: date, days: int, off: int) -> None:
    """How long it was open follows from the dates, and so do the dates themselves."""
    merged = opened + timedelta(days=days)
    facts = {"opened": opened.isoformat(), "merged": merged.isoformat()}
    summary = f"Opened {opened.isoformat()}, merged {merged.isoformat()}."
    assert holds(f"It was open for {days} days.", summary, **facts)
    assert not holds(f"It was open for {days + off} days.", summary, **facts)
    assert holds(f"It was merged on {merged.day} {merged:%B}.", summary, **facts)
    wrong = merged + timedelta(days=off)
    assume(wrong != opened and (wrong.day, wrong.month) != (opened.day, opened.month))
    assert not holds(f"It was merged on {wrong.day} {wrong:%B}.", summary, **facts)
