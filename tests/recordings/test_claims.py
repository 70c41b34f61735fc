"""The evidence measured on the recordings: which of the published roasts' facts the detectors find.

Twice: on cases built straight from the JSON, and through the GitHub source against its stand-in on loopback.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from fakes.github import FakeGitHub
from from_json import case_of

from adapters.github.source import GitHubSource
from bot.case import Case
from bot.detectors import BY_KIND, DETECTORS
from bot.exhibit import Exhibit
from bot.reread import reread
from bot.target import GitHubTarget
from bot.trial import gather

pytestmark = pytest.mark.recordings

NUMBERS = (21477, 22004, 22067)
SEQUELS = {22004: (22067,)}
CLAIMS = [
    *(
        (22004, item)
        for item in "size fixup-train scope-cut bare-asserts repeated-read sequel credit-savepoint".split()
    ),
    *((21477, item) for item in "size oscillation new-file-388 confession bot-caught-env placebo-tests".split()),
    *((21477, item) for item in "two-concerns last-words fast-approval credit-diagrams".split()),
]


@pytest.fixture(scope="module", params=["json", "github"])
def cases(request: pytest.FixtureRequest, recordings: Path) -> dict[int, Case]:
    """Every recorded pull request as a case, by both ways."""
    if request.param == "github":
        return asyncio.run(_through_github(recordings))
    return {number: case_of(recordings, number, SEQUELS.get(number, ())) for number in NUMBERS}


async def _through_github(recordings: Path) -> dict[int, Case]:
    with FakeGitHub(recordings / "github") as server:
        source = GitHubSource(api_url=server.url)
        try:
            return {number: await gather(GitHubTarget("PrefectHQ", "prefect", number), source) for number in NUMBERS}
        finally:
            await source.aclose()


@pytest.fixture(scope="module")
def evidence(cases: dict[int, Case]) -> dict[int, list[Exhibit]]:
    """What all detectors say of each."""
    return {number: [item for one in DETECTORS for item in one.detect(case)] for number, case in cases.items()}


@pytest.fixture(scope="module")
def claims(recordings: Path) -> list[dict[str, object]]:
    """The facts on which the published roasts rest."""
    return json.loads((recordings / "claims.json").read_text(encoding="utf-8"))["claims"]


def test_every_claim_is_named_here(claims: list[dict[str, object]]) -> None:
    """The list above is the recordings' own list."""
    assert sorted((item["pr"], item["id"]) for item in claims) == sorted(CLAIMS)


@pytest.mark.parametrize(("number", "claim"), CLAIMS)
def test_claim_is_found(
    number: int, claim: str, claims: list[dict[str, object]], evidence: dict[int, list[Exhibit]]
) -> None:
    """One single exhibit holds all that the claim asks for."""
    wanted = next(item["all"] for item in claims if item["pr"] == number and item["id"] == claim)
    texts = [item.model_dump_json().lower() for item in evidence[number]]
    assert any(all(re.search(pattern, text) for pattern in wanted) for text in texts)


def test_every_receipt_holds(cases: dict[int, Case], evidence: dict[int, list[Exhibit]]) -> None:
    """Each quote of each exhibit stands where its receipt says (law 3)."""
    broken = [
        (number, item.kind, receipt)
        for number, found in evidence.items()
        for item in found
        for receipt in item.receipts
        if not reread(cases[number], receipt)
    ]
    assert broken == []


def test_the_log_of_21477_is_told_with_what_lies_between(evidence: dict[int, list[Exhibit]]) -> None:
    """Harden and simplify take turns five times, and two other commits stand between the third and the fourth."""
    log = next(item for item in evidence[21477] if item.kind == "tug_of_war")
    assert log.facts["sequence"] == ("Harden", "Simplify", "Harden", "Simplify", "Harden")
    assert log.facts["between"] == (0, 0, 2, 0)


def test_the_sequel_of_22004_is_told_to_the_hour(evidence: dict[int, list[Exhibit]]) -> None:
    """The fix names its line, its function and the time that it took, and the test that had agreed with the fault."""
    sequel = next(item for item in evidence[22004] if item.kind == "sequel_fix")
    assert sequel.facts["function"] == "_build_worker_ready_frame"
    assert (sequel.facts["line_before"], sequel.facts["line_after"]) == (
        '"worker_id": worker.id,',
        '"worker_id": None,',
    )
    assert sequel.facts["after"] == "2 days and 21 hours"
    assert sequel.facts["tests_added"] == 129
    pinned = next(item for item in evidence[22004] if item.kind == "pinned_bug")
    assert pinned.facts["asserted"] == "assert ready.payload.worker_id is not None"


def test_a_fault_on_the_way_is_the_bots_word(evidence: dict[int, list[Exhibit]]) -> None:
    """What a bot said of an earlier state stands in the conversation, never in what was merged."""
    said = [item for item in evidence[21477] if item.kind == "bot_caught"]
    assert said
    assert {item.stands_in for item in said} == {"conversation"}


def test_a_small_fix_is_left_alone(evidence: dict[int, list[Exhibit]]) -> None:
    """The one-line repair with its tests is charged with nothing of the log or the conversation."""
    kinds = {item.kind for item in evidence[22067] if item.is_charge}
    assert kinds.isdisjoint({"fixup_train", "tug_of_war", "sequel_fix", "rubber_stamp", "bot_caught", "scope_cut"})
    assert "size" in BY_KIND
