"""What a reaction means, and how voices become a verdict's liking: pure rules, no store.

A person reacts with an emoji; the settings map its name to a ``Meaning``. All marks of one person on
one verdict with one meaning are one voice. Marks are ordered by the platform's own time, so that
repeated and reordered events come to the same end (see ``overrules``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.errors import SettingsError


class Meaning(StrEnum):
    """What a reaction says of a verdict."""

    FUNNY = "funny"
    TRUE = "true"
    HARSH = "harsh"
    DULL = "dull"
    WRONG = "wrong"
    THANKS = "thanks"


NOTHING = "nothing"
"""What stands in the settings for an emoji that shall mean nothing."""
LIKING = {Meaning.FUNNY: 1.0, Meaning.TRUE: 0.5, Meaning.THANKS: 0.25}
DISLIKING = {Meaning.DULL: 1.0, Meaning.HARSH: 1.0, Meaning.WRONG: 1.0}

DEFAULT_EMOJI: Mapping[str, Meaning] = {
    "🔥": Meaning.FUNNY,
    "😂": Meaning.FUNNY,
    "🤣": Meaning.FUNNY,
    "🎯": Meaning.TRUE,
    "💯": Meaning.TRUE,
    "💀": Meaning.HARSH,
    "😐": Meaning.DULL,
    "🥱": Meaning.DULL,
    "❌": Meaning.WRONG,
    "🙏": Meaning.THANKS,
}

# Slack sends names, Discord sends characters; one name stands for both.
# https://github.com/iamcal/emoji-data is where Slack's short names come from.
ALIASES: Mapping[str, str] = {
    "🔥": "fire",
    "flame": "fire",
    "😂": "joy",
    "face_with_tears_of_joy": "joy",
    "🤣": "rolling_on_the_floor_laughing",
    "rofl": "rolling_on_the_floor_laughing",
    "🎯": "dart",
    "bullseye": "dart",
    "💯": "100",
    "hundred_points": "100",
    "💀": "skull",
    "😐": "neutral_face",
    "🥱": "yawning_face",
    "❌": "x",
    "cross_mark": "x",
    "🙏": "pray",
    "folded_hands": "pray",
    "👍": "+1",
    "thumbsup": "+1",
    "👎": "-1",
    "thumbsdown": "-1",
}
_CUSTOM = re.compile(r"^<?a?:?([A-Za-z0-9_+-]+)(?::\d+)?>?$")
_SKIN_NAME = re.compile(r"::?skin-tone-[2-6]:?$|_tone[1-5]$")
# Fitzpatrick modifiers (https://unicode.org/reports/tr51/#Emoji_Modifiers), the emoji and text
# variation selectors: none of them changes what is meant.
_DECORATION = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")


def fold(emoji: str) -> str:
    """Return the one name of an emoji: no colons, no skin tone, no variation selector, aliases resolved.

    Takes Slack's names (``fire``, ``:fire:``, ``+1::skin-tone-3``), characters, and Discord's custom
    forms (``<:roast:123>``, ``roast:123``).
    """
    plain = _DECORATION.sub("", _SKIN_NAME.sub("", emoji.strip().strip(":")))
    custom = _CUSTOM.match(plain)
    name = custom[1].lower() if custom else plain
    return ALIASES.get(name, name)


class EmojiMap:
    """The settings' mapping from emoji (names or characters, custom ones too) to meanings."""

    def __init__(self, mapping: Mapping[str, Meaning | str] | None = None) -> None:
        """Fold every key; raise ``SettingsError`` where two spellings of one emoji disagree or a meaning is unknown."""
        self._meanings: dict[str, Meaning] = {}
        for emoji, meaning in (DEFAULT_EMOJI if mapping is None else mapping).items():
            self._add(emoji, str(meaning))

    def _add(self, emoji: str, meaning: str) -> None:
        if meaning not in set(Meaning):
            raise SettingsError(
                f"“{meaning}” is no meaning of a reaction (emoji “{emoji}”).", f"Use one of {', '.join(Meaning)}."
            )
        folded = fold(emoji)
        if self._meanings.setdefault(folded, Meaning(meaning)) != meaning:
            raise SettingsError(f"The emoji “{emoji}” is given two meanings.", "Keep one of them in the settings.")

    @classmethod
    def with_own(cls, own: Mapping[str, str]) -> EmojiMap:
        """Return the usual mapping with a place's own over it; ``NOTHING`` takes an emoji's meaning away.

        Raises ``SettingsError`` as above.
        """
        meant = {emoji: meaning for emoji, meaning in own.items() if meaning != NOTHING}
        made = cls(meant)
        said = {fold(emoji) for emoji in own}
        for emoji, meaning in DEFAULT_EMOJI.items():
            if fold(emoji) not in said:
                made._add(emoji, str(meaning))
        return made

    def meaning(self, emoji: str) -> Meaning | None:
        """Return what an emoji means here, ``None`` where it means nothing."""
        return self._meanings.get(fold(emoji))

    def emoji(self, meaning: Meaning) -> str | None:
        """Return the first emoji with a meaning: what a bot seeds under its own message."""
        return next((name for name, its in self._meanings.items() if its is meaning), None)


def overrules(new_at: datetime, new_on: bool, old_at: datetime, old_on: bool) -> bool:
    """Whether a mark replaces the one already kept for the same person, message and emoji.

    The later one does. At the very same moment the removal does: silence is the safer reading. The
    rule is a total order, so any order of arrival, with any repetition, ends in the same state.
    """
    return (new_at, not new_on) > (old_at, not old_on)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people said what of one verdict: one voice per person and meaning."""

    voices: Mapping[Meaning, int] = field(default_factory=dict)

    def __getitem__(self, meaning: Meaning) -> int:
        """Return the number of voices with this meaning."""
        return self.voices.get(meaning, 0)

    @property
    def liking(self) -> float:
        """Weighted voices for it."""
        return sum(weight * self[meaning] for meaning, weight in LIKING.items())

    @property
    def disliking(self) -> float:
        """Weighted voices against it."""
        return sum(weight * self[meaning] for meaning, weight in DISLIKING.items())

    def outcome(self) -> tuple[float, float]:
        """Return (hit, miss): what this verdict teaches. They add up to less than 1 whatever the crowd.

        One voice teaches a half, ten teach ten elevenths: a crowd of trolls has no more to say on one
        verdict than a crowd of friends, and neither more than one verdict's worth.
        """
        total = self.liking + self.disliking
        return (self.liking / (total + 1), self.disliking / (total + 1))

    @property
    def judged(self) -> bool:
        """Whether anybody said anything."""
        return any(self.voices.values())

    @property
    def condemned(self) -> bool:
        """Whether at least two people call it wrong, and more than those who find it funny or true."""
        return self[Meaning.WRONG] >= 2 and self[Meaning.WRONG] > self[Meaning.FUNNY] + self[Meaning.TRUE]

    def in_words(self) -> str:
        """Return "4 funny, 1 wrong", loudest first, or "no reactions yet"."""
        said = sorted(((count, meaning) for meaning, count in self.voices.items() if count), key=lambda one: -one[0])
        return ", ".join(f"{count} {meaning}" for count, meaning in said) or "no reactions yet"


def counts_for(meaning: Meaning, *, by_asker: bool) -> bool:
    """Whether a voice counts: whoever asked for a roast may not call it funny, everything else they may say."""
    return not (by_asker and meaning is Meaning.FUNNY)
