"""The model writer: a prompt from a brief, a draft from the reply. The call itself is an adapter's.

The model is given the brief and nothing else: no tools, no secrets, no diff. What it returns is held against the
exhibits by the receipts check like everybody's words.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.brief import Brief, Heat, Role
from bot.cleaning import written
from bot.errors import WriterError
from bot.exhibit import Exhibit, Stance
from bot.verdict import Draft, Paragraph, WriterInfo
from bot.writers.motifs import cast_motif
from bot.writers.templates import Templates

MOST_PROMPT_TOKENS = 6000
_CHARACTERS_A_TOKEN = 3.0  # measured 3.2 to 4.0 for our prompts: the count is to err high
_BYTES_A_TOKEN = 2.0  # of text outside of ASCII: an ideograph is three bytes, and one token or more
_FORM_TOKENS = 400  # the reply's form, which the client adds
_LONGEST_FACT = 160
_CHARACTERS_AN_ITEM = 140  # of facts, for each item that a list may have: both shrink together
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
        """How many tokens both parts take, with the form of the reply."""
        return _FORM_TOKENS + tokens_of(self.system) + tokens_of(self.user)


def tokens_of(text: str) -> int:
    """Return at least as many tokens as a model is likely to count."""
    plain = sum(char.isascii() for char in text)
    return int(plain / _CHARACTERS_A_TOKEN + (len(text.encode()) - plain) / _BYTES_A_TOKEN) + 1


class Model(Protocol):
    """Whoever turns a prompt into a typed reply. Raises ``WriterError`` in words where nothing usable comes."""

    async def reply(self, prompt: Prompt) -> tuple[DraftReply, WriterInfo]:
        """Return the reply and what it cost."""
        ...


class ModelWriter:
    """Writes with a language model, within a budget of tokens for the prompt."""

    name = "model"

    def __init__(
        self, model: Model, templates: Templates | None = None, *, most_tokens: int = MOST_PROMPT_TOKENS
    ) -> None:
        """Keep the model; nothing is sent before ``write``."""
        self._model, self._templates, self._most_tokens = model, templates or Templates(), most_tokens

    async def write(self, brief: Brief, objections: Sequence[str] = ()) -> tuple[Draft, WriterInfo]:
        """Return the model's draft, cleaned of links, mentions and markup. Raises ``WriterError``."""
        prompt = prompt_of(brief, objections, self._templates, self._most_tokens)
        reply, info = await self._model.reply(prompt)
        return draft_of(reply, brief), info


@dataclass(frozen=True, slots=True)
class _Share:
    """How much of a brief a prompt takes: items of a list, quotes of an exhibit, exhibits, and lines said before."""

    items: int = 8
    quotes: int = 4
    cast: int = 99
    more: int = 10
    avoided: int = 12
    objections: int = 12
    letters: int = _LONGEST_FACT

    def less(self) -> _Share:
        """Return the share of an exhibit that is not suggested: enough to see whether it is the better one."""
        return replace(self, items=min(self.items, 3), quotes=1)

    def cut(self, text: str, times: float = 1) -> str:
        """Return as much of a text as takes no more tokens than so many ``letters`` of English."""
        most = int(self.letters * times)
        short = text[:most]
        while (tokens := tokens_of(short)) > most / _CHARACTERS_A_TOKEN + 1:
            short = short[: int(len(short) * most / _CHARACTERS_A_TOKEN / tokens)]
        return short


_SHARES = (
    _Share(),
    _Share(items=6, quotes=3),
    _Share(items=6, quotes=3, more=6),
    _Share(items=5, quotes=2, more=4, objections=8),
    _Share(items=3, quotes=1, cast=10, more=2, avoided=6, objections=6),
    _Share(items=2, quotes=1, cast=3, more=0, avoided=3, objections=4, letters=120),
    _Share(items=1, quotes=1, cast=1, more=0, avoided=0, objections=2, letters=80),
)


def prompt_of(
    brief: Brief,
    objections: Sequence[str] = (),
    templates: Templates | None = None,
    most_tokens: int = MOST_PROMPT_TOKENS,
) -> Prompt:
    """Return the prompt, within the budget: the least telling details of the exhibits go first, then whole exhibits.

    Raises ``WriterError`` where an operator's own words alone are longer than that.
    """
    templates = templates or Templates()
    is_short = brief.acquitted or len(brief.cast) < 3
    system = templates.fill(
        "roast.md",
        {
            "heat": brief.heat.value,
            "heat_words": _HEAT_WORDS[brief.heat],
            "paragraphs": "two or three" if is_short else "five or six",
            "words": "120 to 240" if is_short else "380 to 520",
        },
    )
    for share in _SHARES:
        prompt = Prompt(system, _user(brief, objections, templates, share))
        if prompt.tokens <= most_tokens:
            return prompt
    raise WriterError(
        f"the prompt comes to {prompt.tokens:,} tokens, more than model.prompt_tokens allows ({most_tokens:,})",
        "Shorten the files in model.prompts, or raise the limit.",
    )


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


def _user(brief: Brief, objections: Sequence[str], templates: Templates, share: _Share) -> str:
    subject, history, motif = brief.subject, brief.history, cast_motif(brief)
    told = [_exhibit(item, share) for item in brief.context]
    told += [_exhibit(part.exhibit, share, suggested=True) for part in brief.cast[: share.cast]]
    told += [_exhibit(item, share.less()) for item in brief.more[: share.more]]
    said = [line for lines in (history.titles, history.epithets, history.punchlines) for line in lines[-12:]]
    said = [share.cut(line) for line in said[-3 * share.avoided :]] if share.avoided else []
    notes = [
        "The author contributes here for the first time: be gentle." if subject.first_timer else "",
        "The author is a bot." if subject.author_is_bot else "",
        "Nothing firm was found: acquit it, short and warm, with credit." if brief.acquitted else "",
        brief.taste.sentence,
    ]
    return templates.fill(
        "brief.md",
        {
            "slug": _data(subject.slug),
            "title": _data(json.dumps(subject.title, ensure_ascii=False)),
            "author": _data(subject.author),
            "state": subject.state,
            "took": f", open for {subject.took}" if subject.took else "",
            "notes": " ".join(note for note in notes if note),
            "angle": brief.angle,
            "vocabulary": _data(", ".join(list(subject.words)[:25])),
            "motif": f" One that fits: {motif.gloss}" if motif else "",
            "avoid": f"Said here before, not to be said again: {_json(said)}" if said else "",
            "fence": hashlib.sha256(f"{brief.seed}fence".encode()).hexdigest()[:12],
            "exhibits": "\n".join(told),
            "objections": _objections([share.cut(text, 2) for text in objections[: share.objections]]),
        },
    )


def _objections(objections: Sequence[str]) -> str:
    if not objections:
        return ""
    listed = "\n".join(f"- {_data(text)}" for text in objections)
    return (
        "Your draft before this one said things that the exhibits do not carry. Write the whole draft again, keep what"
        f" was good, and say these things differently or leave them out:\n{listed}"
    )


def _exhibit(exhibit: Exhibit, share: _Share, *, suggested: bool = False) -> str:
    facts: dict[str, object] = {}
    room = share.items * _CHARACTERS_AN_ITEM
    for key, value in exhibit.facts.items():
        short = _short(value, share)
        room -= len(key) + len(str(short))
        if value not in (None, "", ()) and room > 0:
            facts[key] = short
    data: dict[str, object] = {
        "id": exhibit.id, "kind": exhibit.kind, "what": exhibit.stance.value, "stands_in": exhibit.stands_in.value,
        "summary": share.cut(exhibit.summary, 2), "facts": facts,
        "quotes": list(dict.fromkeys(share.cut(receipt.quote) for receipt in exhibit.receipts))[: share.quotes],
    }  # fmt: skip
    if exhibit.stance is Stance.CONTEXT:
        data.pop("quotes")
    if suggested:
        data["suggested"] = True
    return _json(data)


def _json(value: object) -> str:
    """Return a value on one line, with nothing that could close the fence around it."""
    return _data(json.dumps(value, ensure_ascii=False))


def _short(value: object, share: _Share) -> object:
    if isinstance(value, str):
        return share.cut(value)
    return [_short(item, share) for item in value[: share.items]] if isinstance(value, tuple | list) else value


_FENCE = re.compile(r"={3,}(?=\s*(?:end|exhibits|data|system)\b)|(?<=\n)={3,}", re.IGNORECASE)


def _data(text: str) -> str:
    """Return text that cannot close the fence around it; three equals signs in code stay what they are."""
    return _FENCE.sub("= = =", text)
