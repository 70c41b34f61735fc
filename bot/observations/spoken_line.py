"""What the program says now: a new error message, warning, log line or help text, quoted letter by letter.

What it finds: the most telling text that added production code raises, logs, warns with, prints or offers as help.

Why it matters: it is the part of a change that its users will read, and nobody has read it aloud yet.

Where it errs: a text that is put together from pieces is not seen; places for values stay in it as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import file_receipt
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable, written

STANCE = Stance.CONTEXT

_SPEAKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("error", re.compile(r"\braise\b|Error\(|Exception\(|panic!|bail!|anyhow!|Errorf\(|errors\.New\(|throw new")),
    ("warning", re.compile(r"\bwarn(?:ing|ings|_user)?[.!(]|\.warn\w*\(", re.IGNORECASE)),
    ("log line", re.compile(r"\blog(?:ger|ging)?\.\w+\(|\b_?LOGGER\.\w+\(|\b(?:info|debug|trace)!\(|console\.\w+\(")),
    ("help text", re.compile(r"\bhelp\s*=|\bShort:|\bLong:|\bdescription\s*[=:]|\.(?:Bool|String|Int)\w*VarP?\(")),
    ("message", re.compile(r"\bprint(?:ln|f)?!?\(|Fprintf?\(|\becho\b|writeln!")),
)  # fmt: skip
_TEXT = re.compile(r"f?\"([^\"\\]{12,100})\"|f?'([^'\\]{12,100})'")
_ALONE = re.compile(r"\s*[fr]?[\"'][^\"'\\]{12,100}[\"'],?\)*;?\s*")
_TELLING = re.compile(
    r"\b(?:not|no|cannot|can't|unable|must|please|already|never|only|expected|instead|still|skipping|failed|ignor\w+)\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``said`` (the text), ``manner`` (error, warning, log line, help text or message), ``said_words``, ``place``.
    """
    best: tuple[float, str, str, str, int, str] | None = None
    pending = ""
    for diff, line in written(case, FileKind.PRODUCTION):
        manner = next((name for name, pattern in _SPEAKS if pattern.search(line.text)), "")
        manner, pending = manner or (pending if _ALONE.fullmatch(line.text) else ""), manner
        said = _said(line.text) if manner and line.new is not None else ""
        if said:
            telling = len(set(_TELLING.findall(said.lower())))
            weight = 4.6 + 0.7 * min(telling, 2) - 0.4 * said.count("{") - 0.4 * said.count("%")
            if best is None or weight > best[0]:
                best = (weight, manner, said, diff.path, line.new or 1, line.text)
    if best:
        weight, manner, said, path, number, text = best
        facts: dict[str, Fact] = {
            "said": said,
            "manner": manner,
            "said_words": len(said.split()),
            "place": name_of(path),
        }
        yield observation(
            case, "spoken_line", weight, f"A new {manner} in `{name_of(path)}`: “{said}”.", facts,
            [file_receipt(case, path, number, text)],
        )  # fmt: skip


def _said(text: str) -> str:
    """Return the text of a line that somebody will read, or nothing."""
    found = _TEXT.search(text)
    said = (found[1] or found[2]).strip() if found else ""
    words = re.findall(r"[A-Za-z']{2,}", said)
    reads = len(words) >= _LEAST_WORDS and said[0].isalpha() and said.count(" ") + 1 >= len(words) and "\\" not in said
    return said if reads and showable(said) else ""
