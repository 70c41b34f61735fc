"""What a new file says of itself: the sentences at its head, with the lines on which they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.detectors._words import sentences
from bot.diff import FileDiff

_QUOTES = re.compile(r'^\s*[rR]?("""|\'\'\')')
_MARKS = re.compile(r"^\s*(?://[/!]?|/\*+!?|\*(?!/)|#(?!\[))\s?")
_NOT_WORDS = re.compile(r"^\s*(?:#!|# -\*-|//go:|// @|/\* eslint|#include|#pragma|#define)")
_LICENCE = re.compile(r"copyright|licen[cs]e|SPDX|all rights reserved", re.IGNORECASE)
_MOST_LINES = 80


@dataclass(frozen=True, slots=True)
class ModuleSentence:
    """A sentence at the head of a file: as it reads, as it stands there, and from which line on."""

    clean: str
    raw: str
    line: int


def head_of(diff: FileDiff) -> Iterator[ModuleSentence]:
    """Yield the sentences of the docstring or comment with which a new file begins; none where it is a licence."""
    lines = [(line.new or 0, line.text) for line in diff.added[:_MOST_LINES]]
    while lines and (not lines[0][1].strip() or _NOT_WORDS.match(lines[0][1])):
        lines = lines[1:]
    block = list(_docstring(lines) if lines and _QUOTES.match(lines[0][1]) else _comment(lines))
    text = "\n".join(words for _, words in block)
    if not block or _LICENCE.search(text[:400]):
        return
    start = 0
    for item in sentences(text):
        at = text.find(item.raw, start)
        if at < 0 or item.is_heading:
            continue
        start = at + len(item.raw)
        yield ModuleSentence(item.clean, item.raw, block[text.count("\n", 0, at)][0])


def _docstring(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    opened = _QUOTES.match(lines[0][1])
    mark = opened[1] if opened else '"""'
    for at, (number, text) in enumerate(lines):
        words = _QUOTES.sub("", text) if at == 0 else text
        inside, closed, _ = words.partition(mark)
        yield number, inside
        if closed:
            return


def _comment(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, text in lines:
        found = _MARKS.match(text)
        if not found:
            return
        yield number, text[found.end() :].removesuffix("*/")
        if text.rstrip().endswith("*/"):
            return
