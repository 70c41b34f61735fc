"""What detectors of other languages rest on: the case's structural units and hits, and secrets that never show."""

from __future__ import annotations

import json

from bot.case import Case
from bot.detectors import DETECTORS
from bot.detectors._secrets import suspect
from bot.pull_request import ChangedFile, FileStatus, PullRequest

TOKEN = "ghp_" + "q8Zr2LwX5nVt7Kc9Jm3Hy6Pd1Gs4Bf0Tz8Uo"


def _case(path: str, text: str) -> Case:
    lines = text.split("\n")
    patch = f"@@ -0,0 +1,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    file = ChangedFile(path=path, status=FileStatus.ADDED, patch=patch, additions=len(lines))
    pull = PullRequest(
        owner="o", repo="r", number=7, title="Add it", files=(file,), additions=len(lines), changed_files=1
    )
    return Case(pull_request=pull)


def test_hits_by_offence() -> None:
    """A case answers by offence with the hits of all its files, and parses each file once."""
    case = _case("src/a.ts", "export function f(a: any) {\n  try { g() } catch {}\n  debugger\n}")
    assert {kind: len(hits) for kind, hits in case.structural_hits.items()} == {
        "any_escape": 1,
        "print_left": 1,
        "swallowed_error": 1,
    }
    assert case.structural_units is case.structural_units


def test_secret_is_told_without_its_value() -> None:
    """The exhibit of a secret names where it stands; neither facts, summary nor receipts hold the value."""
    case = _case("src/app/config.py", f'GITHUB_TOKEN = "{TOKEN}"')
    found = [item for detector in DETECTORS for item in detector.detect(case) if item.kind == "secret_in_diff"]
    assert [item.sensitive for item in found] == [True]
    assert TOKEN not in json.dumps([item.model_dump(mode="json") for item in found])
    assert TOKEN[8:] not in json.dumps([item.model_dump(mode="json") for item in found])


def test_suspect_keeps_no_value() -> None:
    """What looks like a secret is told by what it looks like, its name and its place in the line."""
    text = f'token: str = "{TOKEN}"'
    item = suspect(text)
    assert item is not None
    assert (item.what, item.start) == ("a GitHub token", text.index("ghp_"))
    assert TOKEN not in repr(item)


def test_words_are_no_secret() -> None:
    """Names, paths and words given to a secret's name are left alone."""
    for text in (
        'secret_name = "projects/app/secrets/name"',
        'password = "correct-horse-battery-staple"',
        'api_key = os.environ["API_KEY_FOR_ALL"]',
        'token_url = "https://login.host.org/oauth2/token"',
    ):
        assert suspect(text) is None, text
