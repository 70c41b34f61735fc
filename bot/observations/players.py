"""Who plays in the tests: the names that somebody chose for the made-up data.

What it finds: a word in quotation marks on an added line of a test that is an animal, food or a stock figure of
examples ("monalisa", "banana", "foo").

Why it matters: test data is the only fiction in a repository.

Where it errs: a word that is a real name of a thing there (a fruit shop's "apple") is taken for play.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, written

STANCE = Stance.CONTEXT

_TEXT = re.compile(r"[\"'`]([^\"'`\n]{2,60})[\"'`]")
_RARE = frozenset(
    "banana bananas apple apples orange cherry mango pizza burger taco coffee tea potato cheese cat cats dog dogs"
    " duck ducks cow goose monkey panda tiger lion unicorn dragon fox rabbit penguin whale marvin arthur ford zaphod"
    " monalisa hubot octocat octocats gandalf frodo alice bob carol batman superman spam ham eggs kitten puppy"
    " horse elephant ninja pikachu waldo corge grault garply sushi ramen bacon tomato onion".split()
)
_STOCK = frozenset("foo bar baz qux quux hello lorem ipsum foobar".split())


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``player`` (the word), ``entrances`` (on how many added lines), ``stock`` (foo, bar and the like), ``place``.
    """
    counts: Counter[str] = Counter()
    first: dict[str, tuple[FileDiff, Line]] = {}
    for diff, line in written(case, FileKind.TEST):
        words = {word for text in _TEXT.findall(line.text[:300]) for word in re.findall(r"[A-Za-z]+", text)}
        for word in words:
            if word.lower() in _RARE | _STOCK:
                counts[word] += 1
                first.setdefault(word, (diff, line))
    if not counts:
        return
    player = max(counts, key=lambda word: (word.lower() in _RARE, counts[word], word))
    stock = player.lower() in _STOCK
    diff, line = first[player]
    yield observation(
        case, "players", 3.8 if stock else 5.6, f"In the tests, `{player}` comes on {counts[player]} added lines.",
        {"player": player, "entrances": counts[player], "stock": stock, "place": name_of(diff.path)},
        [line_receipt(case, diff, line)],
    )  # fmt: skip
