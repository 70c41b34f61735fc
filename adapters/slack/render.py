"""Cards and answers as Slack shows them: Block Kit with a fallback text. Pure, and inside Slack's limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adapters.slack import limits
from adapters.slack.blocks import (
    Block,
    button,
    buttons,
    context,
    fitted,
    header,
    image,
    mrkdwn,
    option,
    plain_text,
    sections,
    small,
)
from adapters.slack.escape import escape, line, link
from bot.brief import Heat
from bot.card import Card, CardExhibit, Meter
from bot.display import block as harmless
from bot.display import plain
from bot.ports_messenger import Answer, Tone
from bot.records import StoredVerdict
from bot.verdict import Doneness

_CELLS = {Doneness.RARE: "🟨", Doneness.MEDIUM: "🟧", Doneness.WELL_DONE: "🟥", Doneness.CHARCOAL: "⬛"}
_LONG_ROW = 120
_TONES = {Tone.PLAIN: "", Tone.DONE: "✅ ", Tone.REFUSED: "🙅 ", Tone.FAILED: "⚠️ "}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message to send: its blocks, and the text for notifications and for where the blocks are refused."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of ``chat.postMessage`` and its kin: nothing is linked, previewed or pinged."""
        return {**self.bare, "blocks": self.blocks}

    @property
    def bare(self) -> dict[str, Any]:
        """The same without blocks, for where Slack finds fault with them."""
        return {"text": escape(self.text).strip()[: limits.TEXT_CUT] or "…", "blocks": []}


def card(shown: Card, stored: StoredVerdict, *, note: str = "", picture: tuple[str, str] | None = None) -> Drawn:
    """Return a card. ``note`` is said above it: why it comes here and not where it was asked for.

    ``picture`` is the id of a file that was uploaded, and its text for those who do not see it.
    """
    parts = [
        *(sections([line(note)]) if note else []),
        header(shown.title),
        context(mrkdwn(link(shown.url, shown.slug) or "…"), plain_text(shown.byline, limits.CONTEXT_TEXT)),
        *sections([escape(shown.gist)]),
        *sections(f"• {exhibit_markup(one)}" for one in shown.charges),
        *sections([f"👏 *Credit:* {exhibit_markup(shown.credit)}"] if shown.credit else []),
        *sections(f"~{_unstruck(one.text)}~ Struck on appeal: {line(one.reason)}" for one in shown.struck),
        *sections([_final(shown)]),
        context(plain_text(f"{meter(shown.meter)} · {shown.coverage}", limits.CONTEXT_TEXT)),
        *small(line(one) for one in shown.notes),
        context(plain_text(f"{shown.footer} · no. {stored.id}", limits.CONTEXT_TEXT)),
    ]
    parts += [image(*picture)] if picture else []
    return Drawn(card_text(shown, note), fitted([*parts, card_actions(stored)]))


def card_text(shown: Card, note: str = "") -> str:
    """Return the card in words: for notifications, screen readers, and clients that refuse the blocks."""
    lines = [
        note,
        f"{shown.title} ({shown.slug})",
        shown.gist,
        shown.final_verdict,
        f"{meter(shown.meter)}. {shown.coverage}.",
    ]
    return _wanted("\n".join(one for one in lines if one))


def exhibit_markup(one: CardExhibit) -> str:
    """Return one line of evidence with the link to where it can be checked."""
    return f"{line(one.text)} {link(one.url, one.place)} _({line(one.stands_in)})_"


def meter(shown: Meter) -> str:
    """Return the doneness as a row of squares and its word."""
    if shown.acquitted:
        return f"{'🟩' * shown.cells} {shown.word}"
    filled = min(max(shown.filled, 0), shown.cells)
    return f"{_CELLS[shown.level] * filled}{'⬜' * (shown.cells - filled)} {shown.word}"


def card_actions(stored: StoredVerdict) -> Block:
    """Return the row under a card. What the heat's bounds leave no room for is not offered."""
    number, heat = stored.id, stored.verdict.heat
    row = [button("Full roast", f"full {number}"), button("Receipts", f"receipts {number}", number=1)]
    if heat is not Heat.SPICY:
        row.append(button("Hotter", f"hotter {number}", number=2))
    if heat is not Heat.MILD:
        row.append(button("Milder", f"milder {number}", number=3))
    row.append({**button("Appeal", str(number)), "action_id": "appeal"})
    more = [option("Why does it say that?", f"why {number}"), option("Withdraw", f"withdraw {number}")]
    return {"type": "actions", "elements": [*row, {"type": "overflow", "action_id": "more", "options": more}]}


def answer(said: Answer, *, note: str = "") -> Drawn:
    """Return an answer in words."""
    parts: list[Block] = sections([line(note)]) if note else []
    if said.title:
        whole = len(plain(said.title)) <= limits.HEADER_TEXT
        parts += [header(said.title)] if whole else sections([f"*{_bold(said.title)}*"])
    paragraphs = [part for part in harmless(said.text).split("\n\n") if part.strip()]
    tone = _TONES[said.tone]
    parts += sections((tone * (at == 0) + escape(one) for at, one in enumerate(paragraphs)), between="\n\n")
    apart = "\n\n" if any(len(text) > _LONG_ROW for _, text in said.rows) else "\n"
    parts += sections((f"*{_bold(label)}*\n{escape(text)}".strip() for label, text in said.rows), apart)
    parts += small(made for label, url in said.links if (made := link(url, label)))
    if not parts:
        parts = sections([tone + "Done."])
    return Drawn(
        answer_text(said, note), fitted([*parts, *buttons([(one.label, one.command) for one in said.actions])])
    )


def answer_text(said: Answer, note: str = "") -> str:
    """Return an answer as bare words."""
    rows = [f"{plain(label)}: {plain(text)}" for label, text in said.rows]
    return (
        _wanted("\n".join(part for part in (plain(note), plain(said.title), harmless(said.text), *rows) if part))
        or "Done."
    )


def digest(said: Answer, cards: tuple[Card, ...]) -> Drawn:
    """Return a digest: its words, then its cards in short. The rest of them is a click away."""
    words = answer(said.model_copy(update={"actions": ()}))
    parts = list(words.blocks)
    for shown in cards:
        parts += [{"type": "divider"}, *sections([_in_short(shown)])]
    parts += buttons([(one.label, one.command) for one in said.actions])
    return Drawn(_wanted("\n".join([words.text, *(f"{one.title} ({one.slug})" for one in cards)])), fitted(parts))


def _in_short(shown: Card) -> str:
    return f"*{_bold(shown.title)}*\n{link(shown.url, shown.slug)} · {meter(shown.meter)}\n{escape(shown.gist)}"


def progress(phrase: str) -> Drawn:
    """Return how far it is."""
    text = f"🔥 {plain(phrase)[:300]}"
    return Drawn(text, [context(mrkdwn(line(text)))])


def mention(user: str, text: str) -> Drawn:
    """Return a line that mentions somebody: the one place where a mention is meant."""
    name = f"<@{user}>" if user.isalnum() else line(user)
    return Drawn(text, [{"type": "section", "text": mrkdwn(f"{name} {line(text)}")}])


def words(text: str) -> Drawn:
    """Return a line in place of what stood there."""
    return Drawn(text, [context(mrkdwn(line(text)[: limits.CONTEXT_TEXT] or "…"))])


def _final(shown: Card) -> str:
    punchline = f" {line(shown.punchline)}" if shown.punchline else ""
    return (
        f"*{_bold(shown.epithet)}*{' —' * bool(punchline)}{punchline}" if shown.epithet.strip() else punchline.strip()
    )


def _bold(text: str) -> str:
    """Return text that may stand between two asterisks: a code span or an edge of blanks would end the emphasis."""
    return line(text.replace("`", "")).strip() or "…"


def _unstruck(text: str) -> str:
    return _bold(text)


def _wanted(text: str) -> str:
    """Return text that is still within Slack's wish after it was escaped (an entity takes up to five characters)."""
    text = text[: limits.TEXT_WANTED]
    while len(escape(text)) > limits.TEXT_WANTED:
        text = text[: int(len(text) * 0.9)] + "…"
    return text
