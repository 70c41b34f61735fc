"""Hostile text made fit to be shown: no escape sequence, no control or direction mark, no towers of accents.

Everything of a pull request passes here before any reader sees it (law 6). The platforms' own escaping
(Slack's entities, Discord's markdown) comes on top, in their adapters. What a writer is given, and what it wrote,
passes ``bot.cleaning`` before.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f]).*?(?:\x1b\\|\x07|\x9c|$)"  # OSC, DCS, SOS, PM, APC up to their end
    r"|\x1b[ -/]*[0-~]",  # all else that ECMA-48 lets an escape begin
    re.DOTALL,
)
_HARMLESS = re.compile("[\n\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2212]*+")
"""What most text is made of, all of it letters, marks of punctuation and signs: the quick way through."""
_JOINERS = frozenset("\u200c\u200d")  # scripts and emoji are written with them
_HELD = re.compile(r"`[^`]*`|“[^”]*”|\([^()`“]*\)")
_CLAUSE_END = re.compile(r"(?<=[.;:,”`]) |(?=: )| (?=\()| (?=(?:became|and|of|in|with)\b)")
_WORTH_KEEPING = 0.45
_MOST_MARKS = 4
_VISIBLE = "�"


def plain(text: str) -> str:
    """Return one line of harmless text: breaks and tabs become single spaces."""
    return " ".join(block(text).split())


def block(text: str) -> str:
    """Return harmless text that keeps its line breaks."""
    if (text.isascii() and text.isprintable()) or _HARMLESS.fullmatch(text):
        return text
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    kept: list[str] = []
    marks = 0
    for char in _SEQUENCE.sub("", unified):
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > _MOST_MARKS or (category == "Cf" and char not in _JOINERS):
            continue
        if category in {"Zl", "Zp"}:
            kept.append("\n")
        elif category in {"Cc", "Cs", "Co", "Cn"} and char != "\n":
            kept.append(_VISIBLE)
        else:
            kept.append(char)
    return "".join(kept)


def cut(text: str, most: int) -> str:
    """Return one harmless line of at most ``most`` characters, cut at a word where that costs little."""
    line = plain(text)
    if len(line) <= most:
        return line
    head = line[: most - 1].rstrip()
    space = head.rfind(" ")
    return (head[:space] if space > most * 0.7 else head).rstrip(" ,;:–—-") + "…"


def clipped(text: str, most: int) -> str:
    """Return one harmless line of at most ``most`` characters: whole, or cut where a clause ends and nothing is open.

    Code spans and quotations are kept whole or left out; only where the line has no such place is it cut at a word.
    """
    line = plain(text)
    if len(line) <= most:
        return line
    held = [(found.start(), found.end()) for found in _HELD.finditer(line)]
    ends = [
        found.start()
        for found in _CLAUSE_END.finditer(line[:most])
        if not any(start < found.start() < end for start, end in held)
    ]
    if ends and ends[-1] >= most * _WORTH_KEEPING:
        return line[: ends[-1]].rstrip(" ,;:–—-.") + "…"
    return cut(line, most)


def web_address(url: str) -> str:
    """Return the address if it is one that a reader may be sent to, else nothing."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else ""
