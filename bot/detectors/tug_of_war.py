"""Commits that undo each other by their own verbs.

What it finds: two opposing verbs (harden and simplify, enable and disable, revert and reapply, add and remove…)
that open commits about the same thing and take turns. Harden and simplify must change places at least twice;
the plain opposites must name the same object.

Why it matters: the log argues with itself, and the reader cannot tell which side won without the diff.

Where it errs: a thing may be added in one place and removed from another under one name; the subjects are all that
is read. How many commits lie between two turns is told, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.case import Case
from bot.detectors._commits import Subject, read_subject, work
from bot.detectors._time import phrase
from bot.detectors._words import content_words
from bot.detectors.base import charge, commit_receipt, counted, standing
from bot.exhibit import Exhibit, Scalar, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_MOODS = (
    ({"harden", "secure", "tighten", "guard"}, {"simplify", "streamline", "relax"}),
    ({"expand", "extend", "widen"}, {"narrow", "trim", "shorten", "cut"}),
    ({"split", "extract", "separate", "decouple"}, {"merge", "inline", "collapse", "consolidate", "unify"}),
)
_OPPOSITES = (
    ({"add", "introduce", "reintroduce"}, {"remove", "drop", "delete"}),
    ({"enable", "allow"}, {"disable", "disallow"}),
    ({"reapply", "restore", "reintroduce", "undo"}, {"revert", "remove"}),
    ({"lift", "raise", "increase"}, {"lower", "reduce"}),
    ({"upgrade", "bump"}, {"revert", "undo"}),
    ({"lock", "pin"}, {"unlock", "unpin"}),
    ({"show"}, {"hide"}),
)
_RECEIPTS = 12
Entry = tuple[int, Commit, Subject]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit a pair of verbs.

    Facts: ``sequence`` (the verbs in order), ``subjects`` (in that order), ``verbs`` (each with its count),
    ``first_verb``, ``first_verb_count``, ``other_verb``, ``other_verb_count``, ``turns`` (how often the side changed),
    ``between`` (how many own commits lie between each two neighbours), ``object`` (words they share), ``own_commits``,
    ``last_verb`` (who has the last word), ``took``.
    """
    entries = [(index, commit, read_subject(commit.subject)) for index, commit in enumerate(work(case))]
    for left, right in _MOODS:
        found = _same_object([entry for entry in entries if entry[2].verb in left | right])
        if _turns(found, left) >= 2:
            yield _exhibit(case, found, left, len(entries))
    for left, right in _OPPOSITES:
        found = _undone([entry for entry in entries if entry[2].verb in left | right], left)
        if _turns(found, left) >= 1:
            yield _exhibit(case, found, left, len(entries))


def _turns(found: list[Entry], left: set[str]) -> int:
    sides = [entry[2].verb in left for entry in found]
    return sum(here != there for here, there in pairwise(sides))


def _same_object(found: list[Entry]) -> list[Entry]:
    """Keep those that speak of what most of them speak of."""
    words = [entry[2].words for entry in found]
    return [entry for entry in found if sum(bool(entry[2].words & other) for other in words) * 2 > len(found)]


def _undone(found: list[Entry], left: set[str]) -> list[Entry]:
    """Keep pairs whose objects are the same words: what one does, the other takes back."""
    kept: list[Entry] = []
    by_object: dict[frozenset[str], list[Entry]] = {}
    for entry in found:
        if entry[2].words:
            by_object.setdefault(entry[2].words, []).append(entry)
    for entries in by_object.values():
        if _turns(entries, left) and not all("add" in item[2].verb for item in entries):
            kept.extend(entries)
    return sorted(kept, key=lambda entry: entry[0])


def _exhibit(case: Case, found: list[Entry], left: set[str], total: int) -> Exhibit:
    sequence = [subject.verb for _, _, subject in found]
    places = [index for index, _, _ in found]
    first = sequence[0]
    other = next(verb for verb in sequence if (verb in left) != (first in left))
    shared = frozenset.intersection(*(subject.words for _, _, subject in found))
    counts = {verb: sequence.count(verb) for verb in dict.fromkeys(sequence)}
    verbs: tuple[dict[str, Scalar], ...] = tuple({"verb": verb, "count": count} for verb, count in counts.items())
    turns = _turns(found, left)
    return charge(
        "tug_of_war",
        min(4.5 + turns, 9.0),
        f"{', '.join(verb.capitalize() for verb in sequence)}:"
        f" {counted(len(found), 'commit')} of {total} pull both ways.",
        {
            "sequence": tuple(verb.capitalize() for verb in sequence),
            "subjects": tuple(commit.subject for _, commit, _ in found),
            "verbs": verbs,
            "first_verb": first,
            "first_verb_count": counts[first],
            "other_verb": other,
            "other_verb_count": counts[other],
            "last_verb": sequence[-1],
            "turns": turns,
            "between": tuple(there - here - 1 for here, there in pairwise(places)),
            "object": _in_order(found[0][2].rest, shared),
            "own_commits": total,
            "took": phrase(found[0][1].authored_at, found[-1][1].authored_at),
        },
        (commit_receipt(case, commit) for _, commit, _ in found[:_RECEIPTS]),
        stands_in=standing(case),
        confidence=0.9,
    )


def _in_order(text: str, shared: frozenset[str]) -> str:
    return " ".join(word for word in text.split() if content_words(word) and content_words(word) <= shared)
