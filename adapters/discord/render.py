"""Cards and answers as Discord shows them: embeds and components. Pure, and inside Discord's limits.

What a button stands for is a few words with a roast's number, the key into the store; words that are too long for a
``custom_id`` are kept in the store by the caller under the name that is drawn (``Drawn.kept``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.discord import limits
from adapters.discord.escape import escape, line, link
from adapters.discord.limits import size
from bot.brief import Heat
from bot.card import Card, CardExhibit, Meter
from bot.display import block as harmless
from bot.display import plain
from bot.ports_messenger import Action, Answer, Tone
from bot.records import StoredVerdict
from bot.verdict import Doneness

PICTURE = "roast.png"
SAY, KEPT, APPEAL, MORE = "say:", "key:", "appeal:", "more:"

COLOURS = {
    Doneness.RARE: 0xF2C744,
    Doneness.MEDIUM: 0xE8842A,
    Doneness.WELL_DONE: 0xC23B22,
    Doneness.CHARCOAL: 0x7A6A5F,  # ashes: true black is not seen on the dark theme
}
ACQUITTED = 0x3BA55D
TONES = {Tone.PLAIN: 0x5865F2, Tone.DONE: 0x3BA55D, Tone.REFUSED: 0x80848E, Tone.FAILED: 0xC23B22}
_CELLS = {Doneness.RARE: "🟨", Doneness.MEDIUM: "🟧", Doneness.WELL_DONE: "🟥", Doneness.CHARCOAL: "🟫"}
_SIGNS = {Tone.PLAIN: "", Tone.DONE: "✅ ", Tone.REFUSED: "🙅 ", Tone.FAILED: "⚠️ "}
_CODE_OR_ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]|`[^`]+`|(`)")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")

_DIGEST = limits.EMBEDS_TOTAL - limits.EMBED_TITLE - 50  # its foot takes some, too
_SHORT, _LONGEST_SHORT = 240, 900
_BODY = limits.EMBED_DESCRIPTION - 600
"""What is left for the middle of a card when title, author and footer are as long as they may be."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message to send. ``kept`` are the words behind long buttons, by their names, to be put into the store."""

    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    content: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def bare(self) -> Drawn:
        """The same without what needs more than the right to write: for where that is all there is."""
        text = "\n".join(part for one in self.embeds for part in (one.get("title", ""), one.get("description", "")))
        return Drawn(content=cut(f"{self.content}\n{text}".strip(), limits.CONTENT) or "…")

    @property
    def without_picture(self) -> Drawn:
        """The same without its picture."""
        kept = tuple({key: value for key, value in one.items() if key != "image"} for one in self.embeds)
        return replace(self, embeds=kept)


def colour(told: Doneness, *, acquitted: bool) -> int:
    """Return the colour of a doneness."""
    return ACQUITTED if acquitted else COLOURS[told]


def card(shown: Card, stored: StoredVerdict, *, note: str = "", picture: bool = False) -> Drawn:
    """Return a card. ``note`` is said above it: why it comes here and not where it was asked for."""
    lines = [
        *(f"- {exhibit(one)}" for one in shown.charges),
        *([f"\n👏 **Credit:** {exhibit(shown.credit)}"] if shown.credit else []),
        *(f"\n~~{_bold(one.text)}~~ Struck on appeal: {line(one.reason)}" for one in shown.struck),
    ]
    foot = [f"{meter(shown.meter)} · {shown.coverage}", " · ".join(shown.notes), f"{shown.footer} · no. {stored.id}"]
    embed: Json = {
        "color": colour(shown.meter.level, acquitted=shown.meter.acquitted),
        "author": {"name": cut(plain(f"{shown.slug}, {shown.byline}"), limits.EMBED_AUTHOR)},
        "title": fitted(shown.title, limits.EMBED_TITLE) or "…",
        "description": _body(fitted(shown.gist, 1200, escape), lines, _final(shown)),
        "footer": {"text": cut("\n".join(plain(one) for one in foot if one), 1400)},
    }
    if shown.url:
        embed["url"] = shown.url
    if picture:
        embed["image"] = {"url": f"attachment://{PICTURE}"}
    return Drawn((embed,), tuple(card_components(stored)), content=fitted(note, limits.CONTENT))


def exhibit(one: CardExhibit) -> str:
    """Return one line of evidence with the link to where it can be checked."""
    return f"{line(one.text)} {link(one.url, one.place)} *({line(one.stands_in)})*"


def meter(shown: Meter) -> str:
    """Return the doneness as a row of squares and its word; an acquittal is green from end to end."""
    cell = "🟩" if shown.acquitted else _CELLS[shown.level]
    filled = shown.cells if shown.acquitted else min(max(shown.filled, 0), shown.cells)
    return f"{cell * filled}{'⬜' * (shown.cells - filled)} {shown.word}"


def card_components(stored: StoredVerdict) -> list[Json]:
    """Return what stands under a card. What the heat's bounds leave no room for is not offered."""
    number, heat = stored.id, stored.verdict.heat
    row = [_button("Full roast", f"{SAY}full {number}"), _button("Receipts", f"{SAY}receipts {number}")]
    if heat is not Heat.SPICY:
        row.append(_button("Hotter", f"{SAY}hotter {number}"))
    if heat is not Heat.MILD:
        row.append(_button("Milder", f"{SAY}milder {number}"))
    row.append(_button("Appeal", f"{APPEAL}{number}"))
    options = [
        {"label": "Why does it say that?", "value": f"why {number}"},
        {"label": "What was appealed", "value": f"appeals {number}"},
        {"label": "Withdraw", "value": f"withdraw {number}"},
    ]
    more = {"type": 3, "custom_id": f"{MORE}{number}", "placeholder": "More…", "options": options}
    return [{"type": 1, "components": row}, {"type": 1, "components": [more]}]


def answer(said: Answer, *, note: str = "") -> list[Drawn]:
    """Return an answer in words, in as many messages as it takes, cut at the ends of sentences."""
    texts = [escape(one) for one in harmless(said.text).split("\n\n") if one.strip()]
    texts = [_SIGNS[said.tone] + texts[0], *texts[1:]] if texts else texts
    texts += [f"**{_bold(label)}**\n{escape(text)}".strip() for label, text in said.rows]
    texts += [" · ".join(made for label, url in said.links if (made := link(url, label)))]
    whole = size(said.title) <= limits.EMBED_TITLE // 2
    title = line(said.title) if whole else ""
    texts = [one for one in ("" if whole else f"**{_bold(said.title)}**", *texts) if one.strip()]
    pages = pieces(texts or [_SIGNS[said.tone] + "Done."], limits.EMBED_DESCRIPTION)
    drawn = [Drawn(({"color": TONES[said.tone], "description": one},)) for one in pages]
    if title:
        drawn[0] = replace(drawn[0], embeds=({**drawn[0].embeds[0], "title": title},))
    drawn[0] = replace(drawn[0], content=fitted(note, limits.CONTENT))
    rows, kept = buttons(said.actions)
    drawn[-1] = replace(drawn[-1], components=tuple(rows), kept=kept)
    return drawn


def digest(said: Answer, cards: Sequence[Card], run_id: str, *, with_picture: bool = False) -> Drawn:
    """Return a digest: its words, then its cards in short, all in one message; the run stands at its foot."""
    words = answer(said.model_copy(update={"actions": ()}))[0]
    shown = cards[: limits.EMBEDS - 1]
    first = dict(words.embeds[0])
    room = _DIGEST - limits.EMBED_TITLE * len(shown)
    first["description"] = shortened(first["description"], min(limits.EMBED_DESCRIPTION, room - _SHORT * len(shown)))
    left = room - size(first["description"])
    embeds = [first, *(_in_short(one, min(_LONGEST_SHORT, left // len(shown))) for one in shown)]
    embeds[-1]["footer"] = {"text": f"run {run_id}"}
    if with_picture:
        embeds[-1]["image"] = {"url": f"attachment://{PICTURE}"}
    rows, kept = buttons(said.actions)
    return Drawn(tuple(embeds), tuple(rows), kept=kept)


def run_of(embeds: Iterable[Json]) -> str:
    """Return the run that a digest carries, or nothing."""
    texts = [one.get("footer", {}).get("text", "") for one in embeds]
    return next((one.removeprefix("run ") for one in texts if one.startswith("run ")), "")


def _in_short(shown: Card, most: int) -> Json:
    title = fitted(shown.title, limits.EMBED_TITLE) or "…"
    head = f"{line(shown.slug)} · {meter(shown.meter)}"
    words = f"{head}\n{fitted(shown.gist, max(0, most - size(title) - size(head) - 1), escape)}"
    paint = colour(shown.meter.level, acquitted=shown.meter.acquitted)
    return {"color": paint, "title": title, "description": words, **({"url": shown.url} if shown.url else {})}


def progress(phrase: str) -> Drawn:
    """Return how far it is."""
    return Drawn(({"color": TONES[Tone.PLAIN], "description": f"🔥 {fitted(phrase, 600)}"},))


def words(text: str) -> Drawn:
    """Return a line in place of what stood there."""
    return Drawn(({"color": TONES[Tone.REFUSED], "description": fitted(text, 1000) or "…"},))


def buttons(actions: Sequence[Action]) -> tuple[list[Json], dict[str, str]]:
    """Return rows of buttons, and the words that are too long for a ``custom_id``, by their names."""
    kept: dict[str, str] = {}
    made: dict[str, Json] = {}
    for one in actions[: limits.ACTION_ROWS * limits.BUTTONS_PER_ROW]:
        name = f"{SAY}{one.command}"
        if size(name) > limits.CUSTOM_ID:
            name = KEPT + hashlib.sha256(one.command.encode()).hexdigest()[:32]
            kept[name] = one.command
        made.setdefault(name, _button(one.label, name))
    every, step = list(made.values()), limits.BUTTONS_PER_ROW
    return [{"type": 1, "components": every[at : at + step]} for at in range(0, len(every), step)], kept


def _button(label: str, custom_id: str) -> Json:
    return {"type": 2, "style": 2, "label": cut(plain(label), limits.BUTTON_LABEL) or "…", "custom_id": custom_id}


def pieces(texts: Sequence[str], most: int) -> list[str]:
    """Return paragraphs of markdown in pages: cut between paragraphs, else at sentence ends, else at blanks."""
    pages = [""]
    for text in texts:
        for part in _cut_up(text, most):
            joined = f"{pages[-1]}\n\n{part}" if pages[-1] else part
            if size(joined) <= most:
                pages[-1] = joined
            else:
                pages.append(part)
    return pages


def _cut_up(text: str, most: int) -> list[str]:
    if size(text) <= most:
        return [text]
    parts = [""]
    for sentence in _sentences(text):
        joined = f"{parts[-1]} {sentence}".strip()
        if size(joined) <= most:
            parts[-1] = joined
            continue
        rest = sentence
        while size(rest) > most:
            head = shortened(rest, most)
            if head == "…":  # a code span that is longer than a message: its marks go, and it is words
                rest = escape(rest.replace("`", ""))
                continue
            parts.append(head)
            rest = rest[len(head) - 1 :].lstrip()
        parts.append(rest)
    return [one for one in parts if one]


def _sentences(text: str) -> list[str]:
    """Return the sentences of some markdown; none ends within a code span, for then its rest would be code no more."""
    found: list[str] = []
    for one in _SENTENCE.split(text):
        if found and _closed(found[-1]) != found[-1]:
            found[-1] += f" {one}"
        else:
            found.append(one)
    return found


def shortened(markdown: str, most: int) -> str:
    """Return markdown of at most ``most`` units. A code span that the cut would open goes whole, or it would live."""
    if size(markdown) <= most:
        return markdown
    return _closed(cut(markdown, most).removesuffix("…")).rstrip() + "…"


def _closed(markdown: str) -> str:
    """Return markdown up to a code span that does not end in it."""
    opened = next((found.start() for found in _CODE_OR_ESCAPE.finditer(markdown) if found[1]), len(markdown))
    return markdown[:opened]


def fitted(text: str, most: int, markup: Callable[[str], str] = line) -> str:
    """Return foreign text as markdown of at most ``most`` units: it is the words that are cut, never the markdown."""
    made = markup(text)
    while size(made) > most:
        text = text[: max(0, int(len(text) * 0.9) - 1)]
        made = f"{markup(text).rstrip()}…" if text else ""
    return made


def cut(text: str, most: int) -> str:
    """Return a text of at most ``most`` units, with an ellipsis where something is gone."""
    if size(text) <= most:
        return text
    head = text[: most - 1]
    while size(head) > most - 1:
        head = head[:-1]
    space = head.rfind(" ")
    head = head[:space] if space > len(head) * 0.7 else head
    # A backslash at the cut would take the effect out of the ellipsis alone: the mark that it was for is gone.
    return head.rstrip("\\ ") + "…"


def _body(gist: str, lines: list[str], final: str) -> str:
    """Return the middle of a card. Where it is too long, evidence is left out and said to be, never the verdict."""
    left_out = ""
    while True:
        parts = (gist, "\n".join([*lines, left_out] if left_out else lines), final)
        text = "\n\n".join(one for one in parts if one.strip())
        if size(text) <= _BODY or not lines:
            return cut(text, _BODY) or "…"
        lines = lines[:-1]
        left_out = "- More of it is under Receipts."


def _final(shown: Card) -> str:
    punchline = f" {fitted(shown.punchline, 600)}" if shown.punchline else ""
    if not shown.epithet.strip():
        return punchline.strip()
    return f"**{_bold(shown.epithet[:300])}**{' —' * bool(punchline)}{punchline}"


def _bold(text: str) -> str:
    """Return text that may stand between two pairs of marks: no code, no blanks at its edges."""
    return line(text.replace("`", "")).strip() or "…"
