"""Two sets of colours."""

from __future__ import annotations

from dataclasses import dataclass

from bot.verdict import Doneness

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one look. ``embers`` go from rare to charcoal."""

    paper: Colour
    panel: Colour
    rule: Colour
    title: Colour
    text: Colour
    quiet: Colour
    accent: Colour
    credit: Colour
    debit: Colour
    empty: Colour
    embers: tuple[Colour, Colour, Colour, Colour]

    def ember(self, level: Doneness) -> Colour:
        """Return the colour of a doneness."""
        return self.embers[list(Doneness).index(level)]


DARK = Theme(
    paper=(26, 21, 18),
    panel=(36, 29, 25),
    rule=(62, 51, 44),
    title=(255, 236, 209),
    text=(233, 221, 207),
    quiet=(165, 148, 133),
    accent=(244, 162, 89),
    credit=(152, 195, 121),
    debit=(226, 109, 92),
    empty=(58, 48, 42),
    embers=((232, 106, 117), (241, 155, 73), (217, 98, 43), (134, 126, 121)),
)
LIGHT = Theme(
    paper=(252, 246, 236),
    panel=(245, 234, 218),
    rule=(225, 208, 186),
    title=(58, 32, 20),
    text=(74, 56, 45),
    quiet=(125, 104, 88),
    accent=(186, 84, 24),
    credit=(74, 124, 52),
    debit=(184, 61, 46),
    empty=(229, 214, 195),
    embers=((214, 82, 94), (224, 130, 40), (182, 75, 24), (70, 62, 58)),
)
THEMES = {"dark": DARK, "light": LIGHT}
