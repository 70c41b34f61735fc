"""Words for people: a new heading, a new step of a workflow, or a new sentence of the documentation.

What it finds: on added lines of prose a heading or, where there is none, a whole sentence; in workflows a step's name.

Why it matters: prose and pipelines have no functions to name, and still say what they are about.

Where it errs: a sentence that runs over two lines is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable, written
from bot.prose import PROSE, outside_fences

STANCE = Stance.CONTEXT

_HEADING = re.compile(r"^#{1,5}\s+(?P<words>[A-Za-z][^#`\[\]<>]{4,80}?)\s*#*$")
_STEP = re.compile(r"^\s*-?\s*name:\s*[\"']?(?P<words>[A-Za-z][^\"'{}$]{6,70}?)[\"']?$")
_OF_PROSE = frozenset({"heading", "sentence"})
_SENTENCE = re.compile(r"^(?:[-*]\s+)?(?P<words>[A-Z][^`\[\]<>|{}*_]{28,170}[.])$")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``said``, ``form`` (heading, step or sentence), ``place``."""
    best: tuple[float, str, str, FileDiff, Line] | None = None
    for diff, line in written(case, FileKind.DOCS, FileKind.CONFIG, FileKind.OTHER):
        form, words = _words(diff.path, line.text[:300])
        if form in _OF_PROSE and line not in outside_fences(diff, case.head_files.get(diff.path)):
            continue
        weight = {"heading": 4.8, "step": 4.6, "sentence": 4.2, "": 0.0}[form]
        if form and showable(words) and (best is None or weight > best[0]):
            best = (weight, form, words, diff, line)
    if best:
        weight, form, words, diff, line = best
        yield observation(
            case, "written_words", weight, f"A new {form} in `{name_of(diff.path)}`: “{words}”.",
            {"said": words, "form": form, "place": name_of(diff.path)}, [line_receipt(case, diff, line)],
        )  # fmt: skip


def _words(path: str, text: str) -> tuple[str, str]:
    if path.endswith(PROSE) and "changelog" not in path.lower() and "requirements" not in path.lower():
        for form, pattern in (("heading", _HEADING), ("sentence", _SENTENCE)):
            if found := pattern.match(text):
                return form, found["words"].strip()
    if path.endswith((".yml", ".yaml")) and ".github/" in path and (found := _STEP.match(text)):
        return "step", found["words"].strip()
    return "", ""
