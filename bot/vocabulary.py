"""The pull request's own words: what it talks about, weighed by how telling each word is.

Words come from the title, commit subjects, file names and the names in added code, split at case and underscores.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.case import Case
from bot.diff import Line

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,60}")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]{3,}")
_MOST_LINES = 6000
_COMMON = frozenset(
    """about above added after again also another argument arguments assert async await because been before being
    bool both branch build call called case change changes class code const could data default does dont each else
    error errors except exception false feat feature file files first fixes float from function have here import
    include instance into item items just kwargs length like line lines list make method mock module name names
    need none null number object only option optional other over pass path print property public pull raise
    request return returns self should some static str string test tests than that their them then there these
    this true type types union unit update used user uses using value values var void want when where which while
    will with without would your add adds fix address adjust review comments main merge into support""".split()
)


def words_of(case: Case, most: int = 60) -> dict[str, int]:
    """Return the ``most`` telling words, singular and lower case, with their weight, heaviest first."""
    pull = case.pull_request
    weights: Counter[str] = Counter()
    for text, weight in [(pull.title, 12), *((commit.subject, 3) for commit in case.own_commits)]:
        for word in split(text):
            weights[word] += weight
    for diff in case.diffs:
        if case.kind(diff.path).is_hand_written:
            for word in split(PurePosixPath(diff.path).stem):
                weights[word] += 3
    for word, count in code_words(case).items():
        weights[word] += min(count.bit_length(), 8)
    return dict(weights.most_common(most))


def split(text: str) -> set[str]:
    """Return the words inside a text or an identifier: ``_build_readyFrame`` holds build, ready and frame."""
    found = set()
    for part in _PART.findall(text):
        word = _singular(part.lower())
        if len(word) > 2 and word not in _COMMON and part.lower() not in _COMMON:
            found.add(word)
    return found


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def code_words(case: Case) -> Counter[str]:
    """Count the words inside the names of added production code; each different name is split once."""
    names: Counter[str] = Counter()
    for line in added_production(case):
        names.update(_IDENTIFIER.findall(line.text))
    counts: Counter[str] = Counter()
    for name, count in names.items():
        for word in split(name):
            counts[word] += count
    return counts


def added_production(case: Case) -> Iterator[Line]:
    """Yield the first few thousand added lines of production code."""
    return itertools.islice((line for diff in case.production for line in diff.added), _MOST_LINES)
