"""What the bot says that is no card: pure functions from what is known to an ``Answer``, for every platform."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.card import STANDING_WORDS, card_of, place_of
from bot.display import cut, plain, web_address
from bot.errors import RefusedError, RoastBotError
from bot.exhibit import Exhibit
from bot.leaderboard import Leaderboard, Mine, Ranking
from bot.memory import Appealed
from bot.ports_messenger import Action, Answer, Tone
from bot.records import Appeal, Outcome, Post, PostKind, StoredVerdict, VerdictId
from bot.verdict import Verdict

A_PAGE = 8
_LONGEST_QUOTE = 160
STRUCK = "Struck on appeal"


def in_words(error: RoastBotError) -> Answer:
    """Return a fault or a refusal as its asker reads it."""
    tone = Tone.REFUSED if isinstance(error, RefusedError) else Tone.FAILED
    return Answer(text=plain(str(error)), tone=tone)


def full_roast(stored: StoredVerdict) -> Answer:
    """Return the whole story of a verdict. A paragraph that rests on struck exhibits alone is left out, and told."""
    verdict, card = stored.verdict, card_of(stored.verdict)
    closing = f"Final verdict: {card.final_verdict}"
    rows = tuple((STRUCK, f"{one.text} {one.reason}") for one in card.struck)
    return Answer(
        title=card.title,
        text="\n\n".join([*(plain(one.text) for one in verdict.told), closing]),
        rows=rows,
        links=((card.slug, card.url),) if card.url else (),
        actions=(Action(label="Receipts", command=f"receipts {stored.id}"),),
        private=False,
    )


def where_to_look(verdict: Verdict) -> Answer:
    """Return what stands below a headline: where each line of its card can be checked, and what was struck since."""
    card = card_of(verdict)
    shown = [*card.charges, *([card.credit] if card.credit else [])]
    rows = tuple((item.place, f"{item.text} {item.url}".strip()) for item in shown)
    struck = tuple((STRUCK, f"{one.text} {one.reason}") for one in card.struck)
    links = ((card.slug, card.url),) if card.url else ()
    return Answer(title="Where to look", rows=(*rows, *struck), links=links, private=False)


def shown_by(post: Post, stored: StoredVerdict) -> Answer | None:
    """Return the words that a standing post of a verdict shows by now; nothing for a card, or a whole digest."""
    if post.kind is PostKind.FULL:
        return full_roast(stored)
    return where_to_look(stored.verdict) if post.kind is PostKind.COMMENT else None


def receipts(stored: StoredVerdict, *, sensitive: bool, page: int = 1) -> Answer:
    """Return one page of the exhibits with every place where they can be checked."""
    verdict = stored.verdict
    reasons = {one.exhibit: one.reason for one in verdict.struck}
    shown = [item for item in verdict.exhibits if sensitive or not item.sensitive]
    cited = {key for paragraph in verdict.paragraphs for key in paragraph.exhibits}
    ranked = sorted(shown, key=lambda item: (not (item.is_charge or item.is_credit), item.id not in cited))
    pages = max(1, -(-len(ranked) // A_PAGE))
    page = min(max(page, 1), pages)
    here = ranked[(page - 1) * A_PAGE : page * A_PAGE]
    more = (Action(label="More", command=f"receipts {stored.id} {page + 1}"),) if page < pages else ()
    return Answer(
        title=f"Receipts of “{cut(verdict.title, 60)}”" + (f", page {page} of {pages}" if pages > 1 else ""),
        text="The sensitive ones are shown to you alone." if any(item.sensitive for item in here) else "",
        rows=tuple((_label(item), _receipt_text(item, reasons.get(item.id, ""))) for item in here),
        links=tuple(link for item in here for link in _links(item)),
        actions=more,
    )


def _label(item: Exhibit) -> str:
    return f"{item.id} {item.kind.replace('_', ' ')} ({item.stance.value}, {STANDING_WORDS[item.stands_in]})"


def _receipt_text(item: Exhibit, struck: str) -> str:
    quoted = [one for one in item.receipts if one.quote.strip()][:2]
    quotes = "; ".join(f"{place_of(one)}: “{cut(one.quote, _LONGEST_QUOTE)}”" for one in quoted)
    more = f" and {len(item.receipts) - len(quoted)} more" if len(item.receipts) > len(quoted) > 0 else ""
    return " ".join(
        part for part in (plain(item.summary), quotes + more, struck and f"Struck: {plain(struck)}") if part
    )


def _links(item: Exhibit) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for one in item.receipts:
        url = web_address(one.url)
        if url and url not in seen:
            seen.add(url)
            yield f"{item.id} {place_of(one)}", url
        if len(seen) == 2:
            return


def why(stored: StoredVerdict) -> Answer:
    """Return why a roast says what it says: what each part rests on, what stayed out, and how it was cast."""
    verdict = stored.verdict
    public = {item.id: item for item in verdict.public_exhibits}
    rows = [
        (f"{number}. {paragraph.role.value}", _ground(paragraph.exhibits, public))
        for number, paragraph in enumerate(verdict.paragraphs, 1)
    ]
    used = {key for paragraph in verdict.paragraphs for key in paragraph.exhibits}
    left = [item for item in public.values() if item.id not in used and (item.is_charge or item.is_credit)]
    if left:
        names = ", ".join(sorted({item.kind.replace("_", " ") for item in left}))
        more = f"{len(left)} more exhibit{'' if len(left) == 1 else 's'}"
        rows.append(("Left out", f"{more}: {cut(names, 300)}"))
    if verdict.dropped:
        cut_out = f"{len(verdict.dropped)} sentence{'' if len(verdict.dropped) == 1 else 's'}"
        rows.append(("Cut before anybody saw it", f"{cut_out} that could not be proven"))
    return Answer(
        title=f"Why “{cut(verdict.title, 60)}”",
        text=_cast_words(stored),
        rows=tuple(rows),
        actions=(Action(label="Receipts", command=f"receipts {stored.id}"),),
    )


def _ground(keys: Sequence[str], public: dict[str, Exhibit]) -> str:
    found = [public[key] for key in keys if key in public]
    if not found:
        return "rests on no charge"
    return cut("; ".join(f"{item.id} {plain(item.summary)}{_weight(item)}" for item in found), 500)


def _weight(item: Exhibit) -> str:
    return f" (weight {item.force:.1f})" if item.force else ""


def _cast_words(stored: StoredVerdict) -> str:
    verdict = stored.verdict
    writer = "the embedded writer" if verdict.writer.name == "house" else verdict.writer.model or verdict.writer.name
    parts = [f"{len(verdict.exhibits)} exhibits were found; the strongest that fit one story were cast."]
    if verdict.motif:
        parts.append(f"The image is the {verdict.motif.replace('_', ' ')}.")
    if verdict.angle:
        parts.append(f"The angle: {plain(verdict.angle)}.")
    parts.append(f"Written by {plain(writer)} at {verdict.heat.value} heat; {card_of(verdict).coverage}.")
    if verdict.writer.fallback:
        parts.append(f"The model did not write it: {plain(verdict.writer.fallback)}.")
    doneness = "acquitted" if verdict.acquitted else verdict.doneness.value
    parts.append(f"The doneness ({doneness}, {verdict.score:g}) is computed from the exhibits, never written.")
    return " ".join(parts)


def appealed(done: Appealed) -> Answer:
    """Return what became of an appeal."""
    outcome, reason = done.decision.outcome, plain(done.decision.reason)
    opening = "You are right, and the line is struck. " if outcome is Outcome.STRUCK else ""
    if outcome is Outcome.UPHELD and not reason.startswith("I looked again"):
        opening = "It stands. "
    tone = Tone.DONE if outcome in {Outcome.STRUCK, Outcome.NOTED} else Tone.PLAIN
    return Answer(text=opening + reason, tone=tone)


def appeals(found: Sequence[Appeal], titles: dict[VerdictId, str]) -> Answer:
    """Return the appeals of a place, newest first."""
    if not found:
        return Answer(text="Nothing was appealed here.")
    rows = tuple(
        (
            f"No. {one.verdict} {one.exhibit} {one.offence.replace('_', ' ')}: {one.ground.value}, {one.outcome.value}",
            cut(f"“{titles.get(one.verdict, 'a forgotten roast')}”: {one.reason or 'not looked at yet'}", 300),
        )
        for one in found
    )
    return Answer(title="Appeals", rows=rows)


def withdrawn(verdict_id: VerdictId) -> Answer:
    """Return the word that a roast was taken down, with the way back."""
    return Answer(
        text="Taken down. You can undo that for a minute.",
        tone=Tone.DONE,
        actions=(Action(label="Undo", command=f"undo {verdict_id}"),),
    )


def leaderboard(board: Leaderboard, days: int) -> Answer:
    """Return the leaderboard."""
    if board.is_empty:
        return Answer(
            title="Leaderboard",
            text="Nobody has laughed here yet: react to a roast with 🔥 and it counts.",
            private=False,
        )
    rows = [
        (f"Funniest: {one.title}", f"{one.pull_request}, {one.funny} × funny, no. {one.id}") for one in board.funniest
    ]
    rows += [("Best behaved", _ranked(board.best_behaved, "mean score {:g}"))] if board.best_behaved else []
    rows += [("Most acquitted", _ranked(board.most_acquitted, "{:.0%}"))] if board.most_acquitted else []
    rows += [("Most improved", _ranked(board.most_improved, "{:g} points milder"))] if board.most_improved else []
    links = tuple((plain(one.pull_request), url) for one in board.funniest if (url := web_address(one.url)))
    plain_rows = tuple((plain(label), plain(text)) for label, text in rows)
    return Answer(title=f"Leaderboard of the last {days} days", rows=plain_rows, links=links, private=False)


def _ranked(rankings: Sequence[Ranking], form: str) -> str:
    return ", ".join(f"{one.repository} ({form.format(one.figure)} over {one.verdicts})" for one in rankings)


def mine(found: Mine) -> Answer:
    """Return somebody's own record."""
    settings = found.settings
    rows = [
        (plain(one.title), f"{plain(one.pull_request)}, {'acquitted' if one.acquitted else one.doneness}, no. {one.id}")
        for one in found.verdicts[:5]
    ]
    if found.repeat_offences:
        rows.append(("More than once", _counted(found.repeat_offences)))
    if found.credits:
        rows.append(("To your credit", _counted(found.credits)))
    rows.append(("Heat", f"at most {settings.hottest.value}" if settings.hottest else "as hot as the place allows"))
    rows.append(("Roasted at all", "no, you opted out" if found.opted_out else "yes"))
    many = len(found.verdicts)
    return Answer(
        title=plain(found.login),
        text=f"{many} roast{'' if many == 1 else 's'} so far." if many else "No roast of yours yet.",
        rows=tuple(rows),
    )


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} ({times})" for name, times in list(counts.items())[:8])
