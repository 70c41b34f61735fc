"""False sentences in natural prose over the briefs of twelve real pull requests: how many the check stops.

Each was written before the check was mended for it, and measured at once; then the rules were mended for the first batch
(and, less, for the second). They are told under the exhibits that a careless writer would cite for them.

====== ========= ================== ================= ==========
batch  sentences stopped before all stopped when new  stopped now
====== ========= ================== ================= ==========
held_1 180       87                 87                144
held_2 68        32                 44                54
====== ========= ================== ================= ==========

The true sentences of the same files are measured in ``test_drafts``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.brief import Brief
from bot.receipts import check
from bot.verdict import Draft, Paragraph

FILES = sorted((Path(__file__).parent / "drafts").glob("held_*.json"))


def stated(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every false sentence told of one pull request, with whether it is stopped."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    brief = Brief.model_validate(raw["brief"])
    for ids, text in raw["lies"]:
        paragraph = Paragraph(text=text, exhibits=tuple(ids.split()))
        draft = Draft(title="Hello", gist="", paragraphs=(paragraph,), epithet="", punchline="")
        yield text, not check(draft, brief).passed


@pytest.mark.parametrize(("batch", "told", "most"), [("held_1", 180, 144), ("held_2", 68, 54)])
def test_as_many_lies_are_stopped_as_the_table_says(batch: str, told: int, most: int) -> None:
    """Of the false sentences of each batch no fewer are stopped than the table says."""
    found = [each for path in FILES if path.name.startswith(batch) for each in stated(path)]
    assert len(found) == told
    assert sum(stopped for _, stopped in found) >= most, [text for text, stopped in found if not stopped]


@pytest.mark.parametrize(
    "lie",
    [
        "Nobody reviewed it, and nobody asked for a review.",
        "For every line of tests there are 524 lines of code.",
        "`setMode` is longer than `handleCSI`.",
        "Docker went back from 3.4.0 to 3.3.0.",
        "`createParser` lives in `src/client/eventsource/eventsource.ts`.",
        'The provisioner class was written in "update tests" and taken out in "format and pass all tests".',
        "desertaxle approved it two minutes after zzstoatzz had opened it.",
        "All four repairs came from the author of this pull request.",
        "`extendRequestPrototype` was rewritten and kept.",
        "32 casts tell the type checker to look away.",
        "It adds 271 lines of tests to downloads.rs.",
        "All six tests look at what goes wrong.",
    ],
)
def test_a_figure_a_name_and_an_all_are_bound(lie: str) -> None:
    """A right figure of the wrong thing, a right name in another's part, and an "all" that nobody counted are stopped."""
    found = {text: stopped for path in FILES for text, stopped in stated(path)}
    assert found[lie]
