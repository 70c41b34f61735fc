"""The embedded writer: the same roast twice, no line twice in a channel, nothing unproven, and a word when it runs dry."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from bot.brief import Brief, Cast, Heat, History, Role, Subject
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.receipts import check
from bot.spans import span
from bot.verdict import LONGEST_EPITHET, LONGEST_GIST, LONGEST_PUNCHLINE, LONGEST_TITLE, Draft
from bot.writers.house import HouseWriter
from bot.writers.plain import says_it_all

WORDS = (
    "worker channel handshake", "cache expiry batch", "cancel process signal", "lock token guard", "stream buffer pipe",
    "schedule route delay", "index lookup registry", "queue message ack", "render component theme", "schema validate parse",
    "transaction rollback commit", "health probe retry", "parent child process", "slot lease capacity", "metric trace log",
)  # fmt: skip


def _size(number: int) -> Exhibit:
    facts = {
        "additions": 200 + 37 * number, "deletions": 11 + number, "files": 3 + number % 9, "commits": 4 + number % 12, "merges": 0,
        "production_additions": 100 + 17 * number, "test_additions": 80 + 20 * number, "generated_additions": 0, "hours_open": 20 + number,
        "title": f"Change number {number}", "author": "ada", "main_file": f"part_{number}.py", "main_path": f"src/part_{number}.py",
        "main_additions": 60 + number, "main_deletions": 4, "new_files": 1,
    }  # fmt: skip
    receipt = Receipt(where=Where.TITLE, quote=f"Change number {number}")
    return Exhibit(
        id="X1", kind="size", stance=Stance.CONTEXT, weight=0, summary=f"Change number {number}", facts=facts,
        stands_in=StandsIn.MERGED, receipts=(receipt,),
    )  # fmt: skip


def _purpose(number: int) -> Exhibit:
    goal = f"Change number {number}"
    sentence = f"It changes the {number}th thing, because the one before it was not enough."
    facts = {
        "title": goal, "goal": goal, "first_sentence": sentence, "second_sentence": "", "source": "the description",
        "headings": (), "closes": (), "description_words": 40, "labels": (), "author": "ada", "base": "main",
    }  # fmt: skip
    receipt = Receipt(where=Where.TITLE, quote=goal)
    return Exhibit(
        id="X2", kind="purpose", stance=Stance.CONTEXT, weight=0, summary=f"“{goal}”. {sentence}", facts=facts,
        stands_in=StandsIn.MERGED, receipts=(receipt,),
    )  # fmt: skip


def a_brief(pool: dict[str, list[Exhibit]], number: int, history: History, heat: Heat = Heat.MEDIUM) -> Brief:
    """Return a brief of four charges and two credits, dealt from the detectors' own cases by number."""
    dice = random.Random(number)
    charges = sorted(kind for kind, items in pool.items() if items[0].is_charge and not items[0].sensitive)
    credits_ = sorted(kind for kind, items in pool.items() if items[0].is_credit)
    cast = []
    for at, kind in enumerate([*dice.sample(charges, 4), *dice.sample(credits_, 2)]):
        item = dice.choice(pool[kind])
        role = Role.HEADLINE if at == 0 else Role.CREDIT if item.is_credit else Role.CHARGE
        prefix = "C" if item.is_credit else "E"
        cast.append(Cast(exhibit=item.model_copy(update={"id": f"{prefix}{at + 1}"}), role=role))
    title = f"Change number {number}"
    words = dict.fromkeys(dice.choice(WORDS).split(), 12)
    subject = Subject(
        slug=f"o/r#{number}", number=number, title=title, url=f"https://github.com/o/r/pull/{number}", author="ada",
        took=span(timedelta(hours=20 + number)), opened_on="1 May 2026", merged_on="2 May 2026", words=words,
    )  # fmt: skip
    return Brief(
        subject=subject, context=(_size(number), _purpose(number)), cast=tuple(cast), angle=cast[0].exhibit.kind, heat=heat, history=history,
        seed=f"{number}",
    )  # fmt: skip


def _after(history: History, draft: Draft) -> History:
    return History(
        titles=(*history.titles, draft.title),
        epithets=(*history.epithets, draft.epithet),
        punchlines=(*history.punchlines, draft.punchline),
        lines=(*history.lines, *draft.lines),
        motifs=(*history.motifs, draft.motif),
    )


@pytest.mark.parametrize("heat", list(Heat))
def test_the_same_brief_gives_the_same_roast(exhibits_by_kind, heat) -> None:
    """The same brief is told in the same words."""
    one = HouseWriter().compose(a_brief(exhibits_by_kind, 3, History(), heat))
    two = HouseWriter().compose(a_brief(exhibits_by_kind, 3, History(), heat))
    assert one == two


def test_a_year_of_fridays_repeats_nothing(exhibits_by_kind) -> None:
    """Fifty-two roasts in one channel share no title, epithet, punchline or line."""
    history = History()
    for number in range(52):
        history = _after(history, HouseWriter().compose(a_brief(exhibits_by_kind, number, history)))
    for said in (history.titles, history.epithets, history.punchlines, history.lines):
        assert [text for text, count in Counter(said).items() if count > 1] == []


TITLES = (
    "Bump pipe from 1.{n}.0 to 1.{n}.1", "Fix the pipe when it is closed by {n}", "Add a pipe for {n}", "docs: say what {n} does",
    "Update Rust crate pipe to v{n}.0.1", "Remove the old pipe {n}", "Fix typo in {n}", "Refactor the pipe {n}", "Teach the pipe {n}",
)  # fmt: skip


def _acquitted(number: int, history: History) -> Brief:
    title = TITLES[number % len(TITLES)].format(n=number)
    subject = Subject(
        slug=f"o/r#{number}", number=number, title=title, url=f"https://github.com/o/r/pull/{number}", author="ada",
        took=span(timedelta(hours=20 + number)), opened_on="1 May 2026", merged_on="2 May 2026",
    )  # fmt: skip
    purpose = _purpose(number)
    purpose = purpose.model_copy(update={"facts": {**purpose.facts, "goal": title, "title": title}})
    return Brief(
        subject=subject, context=(_size(number), purpose), cast=(), acquitted=True, angle="acquittal", history=history,
        seed=f"{number}",
    )  # fmt: skip


def test_a_year_of_acquittals_repeats_nothing() -> None:
    """Fifty-two acquittals in one channel share no title, epithet, punchline or line, and each is proven."""
    history = History()
    for number in range(52):
        brief = _acquitted(number, history)
        draft = HouseWriter().compose(brief)
        assert not check(draft, brief).objections, number
        history = _after(history, draft)
    for said in (history.titles, history.epithets, history.punchlines, history.lines):
        assert [text for text, count in Counter(said).items() if count > 1] == []


def test_what_belongs_together_is_told_together(exhibits_by_kind) -> None:
    """What pins a bug rides in the paragraph of the fix, and is cited there; no exhibit is told twice."""
    fix, pinned = exhibits_by_kind["sequel_fix"][0], exhibits_by_kind["pinned_bug"][0]
    brief = a_brief(exhibits_by_kind, 1, History())
    parts = (
        Cast(exhibit=fix.model_copy(update={"id": "E1"}), role=Role.HEADLINE),
        Cast(exhibit=pinned.model_copy(update={"id": "E2"}), role=Role.SEQUEL),
    )
    draft = HouseWriter().compose(brief.model_copy(update={"cast": parts}))
    told = [item.exhibits for item in draft.paragraphs if "E2" in item.exhibits]
    assert told == [("E1", "E2")]


def test_the_heats_are_told_apart(exhibits_by_kind) -> None:
    """Of twenty briefs, nearly all are told in other words when it is asked for hotter."""
    differ = 0
    for number in range(20):
        mild, spicy = (
            {
                sentence
                for item in HouseWriter().compose(a_brief(exhibits_by_kind, number, History(), heat)).paragraphs
                for sentence in item.text.split(". ")
            }
            for heat in (Heat.MILD, Heat.SPICY)
        )
        differ += len(spicy - mild) >= len(spicy) / 5
    assert differ >= 16


def test_when_the_well_is_dry_the_plain_voice_speaks(exhibits_by_kind) -> None:
    """Where every line was said before, each part is built from the facts alone, and no joke comes back."""
    from bot.writers.images import images_of
    from bot.writers.motifs import all_motifs
    from bot.writers.wording import wording_of

    names = [*exhibits_by_kind, "_story", "_acquitted", "_sorts", "_also", "_hot", "_words", "_stakes"]
    wordings = [wording_of(name) for name in names]
    for motif in (*all_motifs(), *(image for kind in exhibits_by_kind for image in images_of(kind))):
        wordings += [motif.general, *motif.bridges.values(), *motif.landings.values(), *motif.offences.values()]
    said = tuple(line.key for wording in wordings for lines in wording.lines.values() for line in lines)
    brief = a_brief(exhibits_by_kind, 5, History(lines=said))
    draft = HouseWriter().compose(brief)
    assert draft.lines == ()
    assert all((draft.title, draft.gist, draft.epithet, draft.punchline))
    summaries = {part.exhibit.summary for part in brief.cast}
    assert sum(any(text in paragraph.text for text in summaries) for paragraph in draft.paragraphs) >= 3


def test_a_headline_without_a_motif_has_an_image_of_its_own(exhibits_by_kind) -> None:
    """An image that was born of the headline is planted in its paragraph and paid off in title, closing and punchline."""
    from bot.writers.images import images_of

    brief = a_brief(exhibits_by_kind, 5, History())
    item = exhibits_by_kind["god_function"][0].model_copy(update={"id": "E1"})
    alone = Cast(exhibit=item, role=Role.HEADLINE)
    subject = brief.subject.model_copy(update={"words": {}})
    draft = HouseWriter().compose(brief.model_copy(update={"cast": (alone,), "subject": subject}))
    image = next(one for one in images_of("god_function") if one.name == draft.motif)
    keys = {
        slot: {line.key for line in image.offences["god_function"].slot(slot)}
        for slot in ("body", "title", "closing", "punchline")
    }
    assert all(told & set(draft.lines) for told in keys.values())


def test_it_says_why_the_headline_matters(exhibits_by_kind) -> None:
    """Of twenty roasts, each says behind its headline what such a thing costs in general, and at most one charge more."""
    for number in range(20):
        draft = HouseWriter().compose(a_brief(exhibits_by_kind, number, History()))
        stakes = [key for key in draft.lines if key.startswith("_stakes.")]
        assert 1 <= len(stakes) <= 2, (number, stakes)


def test_it_opens_in_plain_words(exhibits_by_kind) -> None:
    """The first paragraph says what was wanted, and no image begins in it."""
    for number in range(12):
        draft = HouseWriter().compose(a_brief(exhibits_by_kind, number, History()))
        assert f"It changes the {number}th thing" in draft.paragraphs[0].text
        assert not any(".opening." in key for key in draft.lines) or len(draft.paragraphs) > 1


def test_no_fact_is_told_before_an_image_that_tells_it() -> None:
    """A fact whose figures, names and quotations all come again, or a long one of them, is not told first."""
    image = "Name, says the form. This takes up the pen and writes `test_what_happens_when_nobody_asks`: 34 characters."
    assert says_it_all(image, "`tests/test_a.py` has `test_what_happens_when_nobody_asks`.")
    assert says_it_all("It says “No” and comes to 34.", "“No” is said in 34 places.")
    assert not says_it_all("It says “No”.", "“No” is said in 34 places.")
    assert not says_it_all("It comes to 13.", "It comes to 3.")
    assert not says_it_all("Nothing of the kind.", "Three asserts carry no message.")


def test_everything_it_says_is_proven(exhibits_by_kind) -> None:
    """Of sixty roasts, no more than one sentence in a hundred fails the check, and every short part stands."""
    said, failed = 0, []
    for number in range(60):
        brief = a_brief(exhibits_by_kind, number, History(), list(Heat)[number % 3])
        report = check(HouseWriter().compose(brief), brief)
        said += len(report.sentences)
        failed += [str(item) for item in report.objections]
    assert len(failed) <= said / 100, failed


def test_the_short_parts_keep_to_their_lengths(exhibits_by_kind) -> None:
    """Title, gist, epithet and punchline fit on a card whatever the facts are."""
    for number in range(60):
        draft = HouseWriter().compose(a_brief(exhibits_by_kind, number, History()))
        assert 0 < len(draft.title) <= LONGEST_TITLE
        assert 0 < len(draft.gist) <= LONGEST_GIST
        assert 0 < len(draft.epithet) <= LONGEST_EPITHET
        assert 0 < len(draft.punchline) <= LONGEST_PUNCHLINE


def test_heat_is_an_upper_bound(exhibits_by_kind) -> None:
    """A mild roast uses mild lines alone."""
    from bot.writers.motifs import all_motifs
    from bot.writers.wording import wording_of

    hotter = set()
    for kind in exhibits_by_kind:
        hotter |= {
            line.key for lines in wording_of(kind).lines.values() for line in lines if line.heat is not Heat.MILD
        }
    for motif in all_motifs():
        for wording in (motif.general, *motif.offences.values()):
            hotter |= {line.key for lines in wording.lines.values() for line in lines if line.heat is not Heat.MILD}
    for number in range(20):
        draft = HouseWriter().compose(a_brief(exhibits_by_kind, number, History(), Heat.MILD))
        assert not hotter & set(draft.lines)
