"""The model writer: a prompt from a brief, a draft from the reply. The call itself is an adapter's.

The model is given the brief and nothing else: no tools, no secrets, no diff. What it returns is held against the
exhibits by the receipts check like everybody's words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.brief import Brief, Heat, Role
from bot.cleaning import written
from bot.exhibit import Exhibit, Stance
from bot.verdict import Draft, Paragraph, WriterInfo
from bot.writers.motifs import cast_motif

MOST_PROMPT_TOKENS = 6000
_CHARACTERS_A_TOKEN = 3.2  # measured low for JSON full of identifiers, so that the budget errs on the safe side
_LONGEST_FACT = 160
_MOST_ITEMS = 12
_CHARACTERS_AN_ITEM = 140  # of facts, for each item that a list may have: both shrink together
_MOST_QUOTES = 6
_MOST_OBJECTIONS = 12
_MOST_AVOIDED = 12
_HEAT_WORDS = {
    Heat.MILD: "a smile between colleagues; tease lightly, praise freely",
    Heat.MEDIUM: "dry and pointed; the code may squirm, the author must laugh",
    Heat.SPICY: "sharp on the code and the process, as sharp as the facts carry, and still fair",
}


class DraftParagraph(BaseModel):
    """A paragraph as the model returns it."""

    model_config = ConfigDict(extra="ignore")

    text: str
    role: str = "charge"
    exhibits: list[str] = Field(default_factory=list)


class DraftReply(BaseModel):
    """The form in which a model answers."""

    model_config = ConfigDict(extra="ignore")

    title: str
    gist: str
    paragraphs: list[DraftParagraph]
    epithet: str
    punchline: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: the rules and the case. ``tokens`` is our own estimate, which errs high."""

    system: str
    user: str

    @property
    def tokens(self) -> int:
        """Roughly how many tokens both parts take."""
        return int((len(self.system) + len(self.user)) / _CHARACTERS_A_TOKEN)


class Model(Protocol):
    """Whoever turns a prompt into a typed reply. Raises ``WriterError`` in words where nothing usable comes."""

    async def reply(self, prompt: Prompt) -> tuple[DraftReply, WriterInfo]:
        """Return the reply and what it cost."""
        ...


class ModelWriter:
    """Writes with a language model; ``prompts`` is an operator's folder whose files stand in for ours."""

    name = "model"

    def __init__(self, model: Model, prompts: Path | None = None) -> None:
        """Keep the model; nothing is sent before ``write``."""
        self._model = model
        self._prompts = prompts

    async def write(self, brief: Brief, objections: Sequence[str] = ()) -> tuple[Draft, WriterInfo]:
        """Return the model's draft, cleaned of links, mentions and markup. Raises ``WriterError``."""
        reply, info = await self._model.reply(prompt_of(brief, objections, self._prompts))
        return draft_of(reply, brief), info


def prompt_of(brief: Brief, objections: Sequence[str] = (), prompts: Path | None = None) -> Prompt:
    """Return the prompt, within the budget: the least telling details of the exhibits go first, then whole exhibits."""
    system = _file("roast.md", prompts).format(
        heat=brief.heat.value,
        heat_words=_HEAT_WORDS[brief.heat],
        paragraphs="two or three" if brief.acquitted or len(brief.cast) < 3 else "five or six",
        words="120 to 240" if brief.acquitted or len(brief.cast) < 3 else "380 to 520",
    )
    prompt = Prompt(system, "")
    for items, quotes, cast in (
        (_MOST_ITEMS, _MOST_QUOTES, None),
        (8, 3, None),
        (5, 2, None),
        (3, 1, 6),
        (2, 1, 3),
    ):
        prompt = Prompt(system, _user(brief, objections, prompts, items, quotes, cast))
        if prompt.tokens <= MOST_PROMPT_TOKENS:
            break
    return prompt


def draft_of(reply: DraftReply, brief: Brief) -> Draft:
    """Return the reply as a draft: known exhibits only, known roles only, text made safe."""
    known = {item.id for item in brief.exhibits}
    roles = {role.value: role for role in Role}
    paragraphs = tuple(
        Paragraph(
            text=text,
            role=roles.get(item.role.strip().lower(), Role.CHARGE),
            exhibits=tuple(key for key in dict.fromkeys(item.exhibits) if key in known),
        )
        for item in reply.paragraphs
        if (text := written(item.text))
    )
    heads = (written(text) for text in (reply.title, reply.gist, reply.epithet, reply.punchline))
    title, gist, epithet, punchline = heads
    motif = cast_motif(brief)
    return Draft(
        title=title, gist=gist, paragraphs=paragraphs, epithet=epithet.strip("* "), punchline=punchline,
        motif=motif.name if motif else "",
    )  # fmt: skip


@cache
def _file(name: str, folder: Path | None) -> str:
    own = folder / name if folder else None
    if own is not None and own.is_file():
        return own.read_text(encoding="utf-8")
    return files("bot.writers").joinpath("prompts", name).read_text(encoding="utf-8")


def _user(  # noqa: PLR0917 - what the budget lets through
    brief: Brief, objections: Sequence[str], prompts: Path | None, items: int, quotes: int, cast: int | None
) -> str:
    subject, history = brief.subject, brief.history
    taken = f", open for {subject.took}" if subject.took else ""
    motif = cast_motif(brief)
    told = brief.context + tuple(part.exhibit for part in brief.cast)[:cast]
    said = [*history.titles[-_MOST_AVOIDED:], *history.epithets[-_MOST_AVOIDED:], *history.punchlines[-_MOST_AVOIDED:]]
    notes = [
        "The author contributes here for the first time: be gentle." if subject.first_timer else "",
        "The author is a bot." if subject.author_is_bot else "",
        "Nothing firm was found: acquit it, short and warm, with credit." if brief.acquitted else "",
        brief.taste.sentence,
    ]
    return _file("brief.md", prompts).format(
        slug=subject.slug, title=json.dumps(subject.title, ensure_ascii=False), author=_data(subject.author),
        state=subject.state, took=taken, notes=" ".join(note for note in notes if note),
        angle=brief.angle, vocabulary=", ".join(list(subject.words)[:25]),
        motif=f" One that fits: {motif.gloss}" if motif else "",
        avoid=f"Said here before, not to be said again: {json.dumps(said, ensure_ascii=False)}" if said else "",
        fence=hashlib.sha256(f"{brief.seed}fence".encode()).hexdigest()[:12],
        exhibits="\n".join(_exhibit(item, items, quotes) for item in told),
        objections=_objections(objections),
    )  # fmt: skip


def _objections(objections: Sequence[str]) -> str:
    if not objections:
        return ""
    listed = "\n".join(f"- {text[:300]}" for text in objections[:_MOST_OBJECTIONS])
    return (
        f"Your draft before this one said things that the exhibits do not carry. Write it again without them:\n{listed}"
    )


def _exhibit(exhibit: Exhibit, items: int, quotes: int) -> str:
    facts: dict[str, object] = {}
    room = items * _CHARACTERS_AN_ITEM
    for key, value in exhibit.facts.items():
        short = _short(value, items)
        room -= len(key) + len(str(short))
        if value not in (None, "", ()) and room > 0:
            facts[key] = short
    data = {
        "id": exhibit.id, "kind": exhibit.kind, "what": exhibit.stance.value, "stands_in": exhibit.stands_in.value,
        "summary": exhibit.summary[:300], "facts": facts,
        "quotes": list(dict.fromkeys(receipt.quote[:_LONGEST_FACT] for receipt in exhibit.receipts))[:quotes],
    }  # fmt: skip
    if exhibit.stance is Stance.CONTEXT:
        data.pop("quotes")
    return _data(json.dumps(data, ensure_ascii=False))


def _short(value: object, items: int) -> object:
    if isinstance(value, str):
        return value[:_LONGEST_FACT]
    return [_short(item, items) for item in value[:items]] if isinstance(value, tuple | list) else value


def _data(text: str) -> str:
    """Return text that cannot close the fence around it."""
    return text.replace("===", "= = =")
