"""What any line may ask for, whatever the exhibit is: the pull request, its size and purpose, its sort."""

from __future__ import annotations

import re
from typing import Any

from bot.brief import Brief, Subject
from bot.writers.motifs import Motif
from bot.writers.sorts import bump_of, sort_of

_WORD = re.compile(r"[a-z][a-z0-9]+")
_BLANK: dict[str, dict[str, Any]] = {
    "purpose": {"trouble": "", "deed": "", "first_sentence": "", "source": "", "closes": ()},
    "built": {
        "jobs": (),
        "doers": (),
        "jobs_file": "",
        "part": "",
        "part_kind": "",
        "part_says": "",
        "file": "",
        "file_says": "",
        "new_modules": (),
    },
    "curiosities": {"word": "", "word_count": 0, "before": "", "after": "", "longest_test": "", "odd_name": ""},
    "size": {"main_file": "", "folder": ""},
}
"""What a line may ask for in any case: a condition on what is unknown is false, and no error."""


def frame_of(brief: Brief, motif: Motif | None) -> dict[str, Any]:
    """Return the facts of the frame: the pull request, each context by its kind, sort, bump, kinds."""
    facts: dict[str, Any] = {"pr": brief.subject.model_dump(), "words": brief.subject.words}
    for item in brief.context:
        facts[item.kind] = {**_BLANK.get(item.kind, {}), **item.facts}
    for kind, blank in _BLANK.items():
        facts.setdefault(kind, blank)
    if motif:
        facts["clauses"] = motif.clauses(brief.subject.words)
    return {
        **facts,
        "bump": bump_of(brief.subject.title),
        "sort": sort_of(brief.subject, facts),
        "acquitted": brief.acquitted,
        "title_words": frozenset(_WORD.findall(f"{facts['purpose'].get('goal', '')} {brief.subject.title}".lower())),
        "kinds": {part.exhibit.kind for part in brief.cast},
        "heat": brief.heat.value,
        "ordinary": _is_ordinary(brief.subject),
    }


def _is_ordinary(subject: Subject) -> bool:
    """Whether it was merged and needs no gentler words: no newcomer's, no bot's, no revert."""
    gentler = subject.first_timer or subject.author_is_bot or subject.title.lower().startswith("revert")
    return subject.state == "merged" and not gentler
