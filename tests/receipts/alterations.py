"""One thing changed in a paragraph: what a lying or careless writer would do, kind by kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_VALUES = {word: value for value, word in enumerate(_WORDS)}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_MASK = re.compile(r'`[^`\n]{1,400}`|"[^"\n]{1,600}"|“[^”\n]{1,600}”|#\d+')
_DIGITS = re.compile(
    r"(?<![\w#.`,:/-])\d{1,3}(?:,\d{3})+(?![\w.,]*\d)|(?<![\w#.`,:/-])\d{1,7}(?:\.\d+)?(?![\d.,:]*\d|\w*\[)(?:%)?(?!\w)"
)
_NUMBER_WORD = re.compile(r"\b(" + "|".join(_WORDS[2:]) + r")\b(?!-)", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(" + "|".join(_ORDINALS[1:]) + r")\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`\n]{1,400}`")
_QUOTE = re.compile(r'"[^"\n]{1,600}"|“[^”\n]{1,600}”')
_PULL = re.compile(r"#(\d+)")
_DATE = re.compile(
    r"\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December)\b|\b(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2})\b"
)
_LAPSE = re.compile(
    r"(?<=\d )(minutes?|hours?|days?|weeks?)\b|(?<=two |six |ten )(minutes|hours|days|weeks)\b|(?<=four |five |nine )(minutes|hours|days|weeks)\b|(?<=three |seven |eight )(minutes|hours|days|weeks)\b"
)
_NEXT = {"minute": "hour", "hour": "day", "day": "week", "week": "month"}

INVENTED = {
    "invented number": ("It was followed by #31337.", "The idea came from #8."),
    "invented superlative": (
        "It is the longest function in the repository.",
        "No other pull request that month changed more files.",
        "This is the only file without a docstring.",
        "It is by far the largest test in the suite.",
        "Every test passes on the first try.",
        "The reviewers never opened the second file.",
    ),
    "invented duration": (
        "It waited nine weeks for a review.",
        "The fix came 40 minutes later.",
        "The branch was seven months old.",
        "It was merged the same hour.",
    ),
    "invented count": (
        "It took 31 commits.",
        "Seventeen reviewers signed it.",
        "It adds 7,777 lines.",
        "Five of the tests are skipped.",
    ),
    "invented run": ("In production it crashes on the first request.", "The loop will hang forever."),
    "invented name": ("The work is done in `do_the_work_now`.", "The heart of it is engine/heart.py."),
    "invented quotation": (
        'One commit says "sorry about all of this".',
        'The description calls it "a quick win for everybody".',
    ),
}


@dataclass(frozen=True)
class Change:
    """One changed text, what was changed, and where."""

    kind: str
    before: str
    after: str
    text: str


def changes(text: str, figures: list[int], images: list[str]) -> Iterator[Change]:
    """Yield every change to a paragraph; ``images`` are the phrases whose numbers claim nothing."""
    free = [(at.start(), at.end()) for phrase in images for at in re.finditer(re.escape(phrase), text)]
    spans = [(at.start(), at.end()) for at in _MASK.finditer(text)]

    def is_free(at: int) -> bool:
        return any(a <= at < b for a, b in free)

    def inside(at: int) -> bool:
        return any(a <= at < b for a, b in spans)

    def put(kind: str, found: re.Match[str], new: str) -> Iterator[Change]:
        if new != found.group():
            yield Change(kind, found.group(), new, text[: found.start()] + new + text[found.end() :])

    for found in _DIGITS.finditer(text):
        if inside(found.start()) or is_free(found.start()) or "." in found.group():
            continue
        tail = "%" if found.group().endswith("%") else ""
        value = int(found.group().replace(",", "").rstrip("%"))
        yield from put("figure, far", found, f"{value * 3 + 17:,}" + tail)
        yield from put("figure, next", found, f"{value + 1:,}" + tail)
        others = [other for other in figures if other != value and other > 1]
        if others:
            other = min(others, key=lambda other: (abs(other - value), other))
            yield from put("figure, of the brief", found, f"{other:,}" + tail)
    for found in _NUMBER_WORD.finditer(text):
        if inside(found.start()) or is_free(found.start()):
            continue
        value = _VALUES[found.group().lower()]
        for kind, other in (("word, next", value + 1 if value < 20 else 19), ("word, far", (value + 5) % 19 + 2)):
            word = _WORDS[other]
            yield from put(kind, found, word.capitalize() if found.group()[0].isupper() else word)
    for found in _ORDINAL.finditer(text):
        if not inside(found.start()) and not is_free(found.start()):
            yield from put("ordinal", found, _ORDINALS[(_ORDINALS.index(found.group().lower()) + 3) % 10])
    for found in _CODE.finditer(text):
        name = found.group()
        if len(name) < 6:
            continue
        at = next((place for place in range(len(name) // 2, len(name) - 1) if name[place].isalpha()), 1)
        yield from put("name, misspelt", found, name[:at] + "qx" + name[at:])
    for found in _QUOTE.finditer(text):
        body, (opened, closed) = found.group()[1:-1], (found.group()[0], found.group()[-1])
        words = body.split()
        if len(body) < 9:
            continue
        if len(words) > 1:
            half = len(words) // 2
            yield from put(
                "quotation, other word",
                found,
                opened + " ".join([*words[:half], "banana", *words[half + 1 :]]) + closed,
            )
        if len(words) > 3:
            yield from put("quotation, a word less", found, opened + " ".join([*words[:2], *words[3:]]) + closed)
            yield from put("quotation, swapped", found, opened + " ".join([words[1], words[0], *words[2:]]) + closed)
    for found in _PULL.finditer(text):
        yield from put("pull request", found, f"#{int(found.group(1)) + 3}")
    for found in _DATE.finditer(text):
        day = int(found.group(1) or found.group(4))
        month = found.group(2) or found.group(3)
        other = day + 1 if day < 28 else day - 3
        yield from put("date", found, f"{other} {month}" if found.group(1) else f"{month} {other}")
    for found in _LAPSE.finditer(text):
        unit = found.group()
        if not is_free(found.start()):
            yield from put("unit of time", found, _NEXT[unit.rstrip("s")] + ("s" if unit.endswith("s") else ""))
    for kind, sentences in INVENTED.items():
        for sentence in sentences:
            yield Change(kind, "", sentence, f"{text} {sentence}")
