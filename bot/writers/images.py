"""Small images, each born of one offence: for where no motif fits the pull request's own words.

A table of ``images/<kind>.toml`` is one image: ``body`` plants it, ``credit`` is a step from it to what was done well,
and ``closing``, ``title``, ``epithet`` and ``punchline`` pay it off. Each is a list of lines as in
``lines/<kind>.toml``, all of them mild but for a ``heat`` of their own.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.brief import Brief, Heat, Role
from bot.exhibit import Exhibit
from bot.writers.frame import frame_of
from bot.writers.motifs import Motif
from bot.writers.wording import Wording, parse_wording, render

_MOST = 3
_OWN = ("body", "closing", "title", "epithet", "punchline")


@cache
def images_of(kind: str) -> tuple[Motif, ...]:
    """Return the images that were born of an offence; none where there is no file."""
    path = files("bot.writers").joinpath("images", f"{kind}.toml")
    if not path.is_file():
        return ()
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_parse(kind, name, parts) for name, parts in table.items())


def _parse(kind: str, name: str, parts: Mapping[str, Any]) -> Motif:
    where, heat = f"images/{kind}.toml", parts.get("heat", Heat.MILD.value)

    def wording(slots: Mapping[str, str]) -> Wording:
        table = {slot: {heat: parts[key]} for key, slot in slots.items() if key in parts}
        return parse_wording(f"{kind}.{name}", table, f"{where} [{name}]")

    return Motif(
        name=name, gloss=name.replace("_", " "), triggers={}, lexicon={}, home={}, general=Wording(name),
        bridges={"credit": wording({"credit": "bridge"})}, landings={},
        offences={kind: wording({slot: slot for slot in _OWN})}, born_of=kind,
    )  # fmt: skip


def cast_images(brief: Brief) -> list[Motif]:
    """Return the images that were born of the headline, fit its facts and were not shown here before: a few, by lot."""
    headline = next((part.exhibit for part in brief.cast if part.role is Role.HEADLINE), None)
    if headline is None or brief.acquitted:
        return []
    images = [image for image in images_of(headline.kind) if image.name not in brief.history.motifs]
    images.sort(key=lambda image: hashlib.sha256(f"{brief.seed}{image.name}".encode()).hexdigest())
    return [image for image in images if _has_words(image, brief, headline)][:_MOST]


def _has_words(image: Motif, brief: Brief, headline: Exhibit) -> bool:
    """Whether it can tell the headline, as hot as is allowed here and in words that nobody here has read."""
    facts = {**frame_of(brief, image), **headline.facts, "stands_in": headline.stands_in.value}
    return any(
        line.heat.rank <= brief.heat.rank and line.key not in brief.history.lines and render(line, facts)
        for line in image.offences[headline.kind].slot("body")
    )
