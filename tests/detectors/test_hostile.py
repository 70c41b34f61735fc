"""Input that means harm: no detector raises on it (law 2), and none does more than its share of work."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from made_up import added, case_of, modified, of_files

from bot.case import Case
from bot.detectors import BY_KIND, DETECTORS
from bot.pull_request import ChangedFile
from bot.reread import reread


def _deep(count: int) -> str:
    return "".join(f"{'  ' * level}if a:\n" for level in range(count)) + f"{'  ' * count}pass\n"


def _elif(count: int) -> str:
    body = "".join(f"    elif a == {i}:\n        return {i}\n" for i in range(count))
    return f"def f(a):\n    if a:\n        return 1\n{body}"


HOSTILE = {
    "deep_blocks": _deep(95),
    "too_deep_blocks": _deep(400),
    "long_elif": _elif(700),
    "long_sum": "def f(a):\n    return " + "+".join(["a"] * 900) + "\n",
    "too_long_sum": "x = " + "+".join(["1"] * 20000) + "\n",
    "long_chain": "def f(a):\n    return a" + ".b" * 900 + "\n",
    "called_chain": "def f(a):\n    return await a" + ".read_it(b)" * 400 + "\n",
    "deep_brackets": "x = " + "(" * 5000 + ")" * 5000 + "\n",
    "nested_calls": "x = " + "f(" * 90 + ")" * 90 + "\n",
    "null_bytes": "def f():\n    return 1\0\n",
    "half_a_surrogate": "x = '\ud800'\n",
    "bad_syntax": "def f(:\n  return ((\nclass\n",
    "one_long_line": "x = [" + "{**a, **b}, " * 20000 + "]\n",
    "one_long_word": "def " + "a_" * 50000 + "(): pass\n",
    "open_string": 'x = """' + "never closed\n" * 2000,
    "form_feeds": "def f():\n\x0c    try:\n        pass\n    except Exception:\n        pass\n\u2028x = 1\n",
    "carriage_returns": "def f():\r\n    try:\r\n        go()\r\n    except Exception:\r\n        pass\r\n",
    "many_quotes": "monkeypatch.setattr(" * 3000 + "\n" + "'" * 3000,
    "regex_bait": "x: " + "a | " * 4000 + "\n" + "  " * 20000 + "\n" + "from a import (" + "b, " * 9000,
    "colons": "def f(a):\n    '''\n    Args:\n" + "        a: b\n" * 4000 + "    '''\n",
}
PATHS = ("src/app/a.py", "tests/test_a.py", "src/a.ts", "pkg/a.go", "src/a.rs", "src/A.java", "lib/a.rb", "AGENTS.md")


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_never_raises(name: str) -> None:
    """Whatever a file holds, in any language, whole or in part, every detector answers and every receipt stands."""
    text = HOSTILE[name]
    for case in _cases(text):
        for detector in DETECTORS:
            for exhibit in detector.detect(case):
                assert all(reread(case, receipt) for receipt in exhibit.receipts), exhibit.kind


def _cases(text: str) -> list[Case]:
    new = [added(path, text) for path in PATHS]
    changed = [modified(path, text) for path in PATHS]
    return [of_files(*new, whole=dict.fromkeys(PATHS, text)), of_files(*new), of_files(*changed)]


def test_odd_patches_never_raise() -> None:
    """A patch that lies about its numbers, is cut, empty, missing or no patch at all is read as far as it goes."""
    patches = [
        None,
        "",
        "@@",
        "@@ -1 +1 @@",
        "@@ -1,9 +1,9 @@\n+def f(",
        "@@ -9999999,1 +9999999,1 @@\n+x",
        "+\n-\n \n",
        "\0",
    ]
    files = [ChangedFile(path=f"src/a{i}.py", patch=patch) for i, patch in enumerate(patches)]
    case = of_files(*files, whole={"src/a1.py": "", "src/a3.py": "def f():\n    pass\n"})
    assert all(exhibit.receipts for detector in DETECTORS for exhibit in detector.detect(case))


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_work_grows_with_the_size(kind: str) -> None:
    """Four times the lines cost any detector at most about four times the calls: twice that is still allowed."""
    small, large = _calls(kind, 600), _calls(kind, 2400)
    assert large <= 8 * small + 2000, (small, large)


@cache
def _case(lines: int) -> Case:
    return case_of(lines)


def _calls(kind: str, lines: int) -> int:
    """Return how many calls a detector makes on a case whose parts are parsed already."""
    case = _case(lines)
    list(BY_KIND[kind].detect(case))
    count = 0

    def tally(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        list(BY_KIND[kind].detect(case))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "text",
    [
        "value = read_it(1)\n" * 100_000,
        "async def f(a):\n" + "    b = await read_it(a)\n" * 100_000,
        "# only words\n" * 100_000,
    ],
    ids=["statements", "one_function", "comments"],
)
def test_a_hundred_thousand_lines(text: str) -> None:
    """A hundred thousand lines in one file are read by every detector, and no exhibit drowns its reader in receipts."""
    case = of_files(added("src/app/a.py", text), whole={"src/app/a.py": text})
    found = [exhibit for detector in DETECTORS for exhibit in detector.detect(case)]
    assert found
    assert all(len(exhibit.receipts) <= 60 for exhibit in found), [exhibit.kind for exhibit in found]
