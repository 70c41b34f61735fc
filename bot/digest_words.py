"""What a digest says, from what was found: pure functions to an ``Answer`` and its cards, for every platform."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers import where_to_look
from bot.card import Card, card_of
from bot.digest_choice import Reading
from bot.digest_week import Week, in_words
from bot.display import cut, plain
from bot.leaderboard import FunnyVerdict
from bot.ports_messenger import Action, Answer
from bot.pull_request import Frozen
from bot.verdict import Verdict

_NOTHING = (
    "Nothing was merged into {repository} this {noun}. The oven is off, the kitchen clean, and nobody in trouble.",
    "Not one pull request was merged into {repository} this {noun}. The fire had the time off, and it looks rested.",
    "This {noun} nothing was merged into {repository}: no roast, and no leftovers either.",
    "{repository} merged nothing this {noun}. Rarely was a plate returned so clean.",
    "An empty table: nothing was merged into {repository} this {noun}. Enjoy the quiet; somewhere, somebody rebases.",
)
_ROUTINE = (
    "{count} merged into {repository} this {noun}, every one of them a machine's routine. The robots ate at home.",
    "{repository} saw {count} merged this {noun}, all of it updates by machines. Nothing a cook would touch.",
)
_READ = (
    "{count} merged into {repository} this {noun}. I read {read} in full, and there is nothing to tell.",
    "{repository} saw {count} merged this {noun}. I read {read} in full, and the grill stays cold.",
)
_UNREAD = "{count} merged into {repository} this {noun}, and none of it is told here."


class Told(Frozen):
    """A verdict of the digest: its number in the memory, 0 where it is not kept."""

    id: int = 0
    verdict: Verdict


class Findings(Frozen):
    """All that a digest is made of. ``told`` begins with the headline; ``looked_at`` is how many were read in full."""

    week: Week
    told: tuple[Told, ...] = ()
    cleanest: Reading | None = None
    best_loved: FunnyVerdict | None = None
    looked_at: int = 0
    able: int = 0
    person: str = ""
    notes: tuple[str, ...] = ()
    devlog: str = ""


def digest(found: Findings) -> tuple[Answer, tuple[Card, ...]]:
    """Return the digest: the headline in full as its text, the others as cards in short."""
    cards = tuple(card_of(one.verdict) for one in found.told)
    if not cards:
        return quiet(found), ()
    headline, first = cards[0], found.told[0]
    return (
        Answer(
            title=_title(found),
            text=headline_of(first.verdict, *found.notes),
            rows=_rows(found),
            links=_links(found, headline),
            actions=(Action(label="Receipts", command=f"receipts {first.id}"),) if first.id else (),
            private=False,
        ),
        cards[1:],
    )


def headline_of(verdict: Verdict, *first: str) -> str:
    """Return a digest's text: what comes ``first``, and the headline as it stands by now."""
    card = card_of(verdict)
    return "\n\n".join([*filter(None, first), *_lede(card, verdict), *_story(verdict, card)])


def quiet(found: Findings) -> Answer:
    """Return the friendly line of a week with nothing to tell."""
    week = found.week
    if not week.merged:
        lines: Sequence[str] = _NOTHING
    elif week.routine == week.merged:
        lines = _ROUTINE
    else:
        lines = _READ if found.looked_at else (_UNREAD,)
    seed = int(hashlib.sha256(f"{week.repository}{week.until.isoformat()}".encode()).hexdigest(), 16)
    counted = f"{week.merged:,} pull request{'' if week.merged == 1 else 's'}"
    if found.person:
        line = f"{found.person} merged {counted if week.merged else 'nothing'} into {week.repository} this {week.noun}"
        line += ", and none of it is told here." if week.merged else "."
    else:
        line = lines[seed % len(lines)].format(
            repository=week.repository, noun=week.noun, count=counted, read=_share(found.looked_at, week.merged)
        )
    return Answer(
        title=_title(found),
        text="\n\n".join([*found.notes, line[:1].upper() + line[1:]]),
        rows=tuple(row for row in _rows(found) if row[0] != "In numbers" or week.merged),
        links=_links(found, None),
        private=False,
    )


def _share(read: int, of: int) -> str:
    """Return how many of those that were merged, in words."""
    if read >= of:
        return "it" if of == 1 else "all of them"
    return f"{read:,} of them"


def _title(found: Findings) -> str:
    week = found.week
    whose = f"{found.person} in {week.repository}" if found.person else week.repository
    return plain(f"The {week.noun} in {whose}, {week.span}" if not found.person else f"{whose}, {week.span}")


def _lede(card: Card, verdict: Verdict) -> list[str]:
    """Return the headline's own title and what it is about."""
    subject = verdict.subject
    about = f"{card.slug} “{cut(subject.title, 90)}”, {card.byline}."
    return [f"🔥 {card.title}", f"{about} {card.meter.word.capitalize()}."]


def _story(verdict: Verdict, card: Card) -> list[str]:
    return [*(plain(one.text) for one in verdict.told), f"Final verdict: {card.final_verdict}"]


def _rows(found: Findings) -> tuple[tuple[str, str], ...]:
    rows = []
    if found.cleanest is not None:
        one = found.cleanest
        rows.append(
            (
                f"Cleanest pull request of the {found.week.noun}",
                f"#{one.number} “{cut(one.title, 80)}” by {plain(one.author)}. {plain(one.praise)}",
            )
        )
    if found.best_loved is not None:
        loved = found.best_loved
        rows.append(
            ("Best loved last time", f"“{plain(loved.title)}” ({plain(loved.pull_request)}), {loved.funny} × 🔥")
        )
    rows.append(("In numbers", f"{in_words(found.week)[:1].upper()}{in_words(found.week)[1:]}."))
    return tuple(rows)


def _links(found: Findings, headline: Card | None) -> tuple[tuple[str, str], ...]:
    links = [(headline.slug, headline.url)] if headline and headline.url else []
    if found.cleanest is not None and found.cleanest.url:
        links.append((f"#{found.cleanest.number}", found.cleanest.url))
    if found.devlog:
        links.append(("The dev log", found.devlog))
    return tuple(links)


DECIDED = ("Told ", "Nothing told: ")
"""How a decision begins: other marks tell of faults, of people, or of what was called off."""


def decision(found: Findings) -> str:
    """Return what was decided and why, for the public "last ran" mark."""
    week = found.week
    if not found.told:
        return f"Nothing told: {in_words(week)}; {found.looked_at} read in full."
    slugs = [one.verdict.pull_request for one in found.told]
    rest = f" and {', '.join(slugs[1:])}" if slugs[1:] else ""
    return f"Told {slugs[0]}{rest}, of {week.merged:,} merged and {found.looked_at} read in full."


def late(due: datetime, now: datetime, why: str, zone: str) -> str:
    """Return the apology of a digest that comes late, or nothing where it does not; the reason where it is known."""
    behind = now - due
    if behind < timedelta(minutes=20):
        return ""
    hours = round(behind.total_seconds() / 3600)
    by = f"{hours} hour{'' if hours == 1 else 's'}" if hours else f"{round(behind.total_seconds() / 60)} minutes"
    local = due.astimezone(ZoneInfo(zone))
    return f"Late by {by}, sorry: this was due on {local:%A at %H:%M}. {why.strip()}".rstrip()


def below(one: Told, *, headline: bool) -> Answer:
    """Return what stands in the thread: a short one's whole story; of the headline, where to look."""
    if headline:
        return where_to_look(one.verdict)
    card = card_of(one.verdict)
    links = ((card.slug, card.url),) if card.url else ()
    return Answer(title=card.title, text="\n\n".join(_story(one.verdict, card)), links=links, private=False)
