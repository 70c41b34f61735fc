"""A test that patches a name where nobody looks it up.

What it finds: ``monkeypatch.setattr(engine_utils, "f", …)`` or ``mock.patch("engine_utils.f")`` in a test function
that drives another module, which took ``f`` with ``from engine_utils import f`` when it was loaded and so holds a
name of its own. Imports are resolved on both sides from whole files, at the head and after each commit on the way.

Why it matters: the test runs the real thing and believes otherwise
(https://docs.python.org/3/library/unittest.mock.html#where-to-patch).

Where it errs: it is silent wherever one of the files is not known whole, where the patched module calls the name
itself, where the test also patches the right place or uses the patched module for more, and where the import is made
late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._imports import module_name
from bot.detectors._patches import Module, Modules, Patch, misses, patches_of
from bot.detectors._replay import State, states
from bot.detectors.base import charge, commit_file_receipt, counted, file_receipt, standing
from bot.exhibit import Exhibit, Fact, Receipt, Stance, StandsIn
from bot.kinds import FileKind

STANCE = Stance.CHARGE

_BY_TEXT = re.compile(r"\b(?:setattr|patch)\(\s*[\"']([\w.]{1,160})\.(\w{1,80})[\"']")
_BY_OBJECT = re.compile(r"\b(?:setattr|object)\(\s*([\w.]{1,120}),\s*[\"'](\w{1,80})[\"']")
_IMPORTS = re.compile(r"^(?:try:\n\s+)?from ([\w.]+) import (?:\(([^)]{0,4000})\)|([^(\n]+))", re.MULTILINE)
_WORD = re.compile(r"\w+")
_MOST_PAIRS = 20


@dataclass(frozen=True, slots=True)
class _Miss:
    test: str
    user: str
    patch: Patch
    patches: tuple[Patch, ...]
    import_line: int
    import_text: str


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a test file and name: in what stands at the head, else in a commit on the way.

    Facts: ``name`` (what is patched), ``patched_module``, ``test_path``, ``tests`` (the functions), ``count`` (of
    patches), ``user_path`` and ``user_module`` (the module with its own name), ``import_line`` (its text), ``code``
    (the first patch); on the way also ``came_with`` and ``mended_with`` (commit subjects) and ``commits_between``.
    """
    told: set[tuple[str, str]] = set()
    modules = Modules(case.python_units)
    for test, user in _pairs(case):
        found = _at_head(case, modules, test, user)
        for exhibit in [_merged(case, found)] if found else _on_the_way(case, modules, test, user):
            if (test, str(exhibit.facts["name"])) not in told:
                told.add((test, str(exhibit.facts["name"])))
                yield exhibit


def _pairs(case: Case) -> list[tuple[str, str]]:
    """Return the test files and the modules that a patched name joins, told from the text of all diffs alone."""
    every = [*case.diffs, *(diff for commit in case.pull_request.commits for diff in case.commit_diffs(commit.sha))]
    patched: dict[str, set[str]] = {}
    imported: dict[str, set[str]] = {}
    for diff in every:
        if diff.path.endswith(".py"):
            text = "\n".join(line.text for hunk in diff.hunks for line in hunk.lines)
            if case.kind(diff.path) is FileKind.TEST:
                patched.setdefault(diff.path, set()).update(name for *_, name in patched_names(text))
            else:
                imported.setdefault(diff.path, set()).update(name for _, name in imported_names(text))
    for path, names in imported.items():
        names.update(name for _, name in imported_names(case.head_files.get(path, "")))
    return [(test, user) for test, names in patched.items() for user, own in imported.items() if names & own][
        :_MOST_PAIRS
    ]


def patched_names(text: str) -> set[tuple[str, str, str]]:
    """Return what a test's text may patch: the module or else the word for it in the test, and the name."""
    return {(module, "", name) for module, name in _BY_TEXT.findall(text)} | {
        ("", word, name) for word, name in _BY_OBJECT.findall(text)
    }


def imported_names(text: str) -> set[tuple[str, str]]:
    """Return what a module's text imports by name at its outermost level, as module and name."""
    return {(match[1], name) for match in _IMPORTS.finditer(text) for name in _WORD.findall(match[2] or match[3] or "")}


def _worth_reading(test: str, user: str, path: str) -> bool:
    """Whether the two texts may show a miss at all: asked before anything is parsed. ``path`` is the user's."""
    own = module_name(path).split(".")
    if ".".join(own[-2:]) not in test and not re.search(rf"\bimport\b[^\n]*\b{re.escape(own[-1])}\b", test):
        return False
    homes: dict[str, set[str]] = {}
    for home, name in imported_names(user):
        homes.setdefault(name, set()).add(home)
    return any(
        _is_same(module, home) if module else _is_called(word, home.rpartition(".")[2], test)
        for module, word, name in patched_names(test)
        for home in homes.get(name, ())
    )


def _is_called(word: str, module: str, test: str) -> bool:
    """Whether a test may call the module by that word."""
    return word.rpartition(".")[2] == module or f"{module} as {word}" in test


def _is_same(module: str, home: str) -> bool:
    """Whether a module may be the one that an import names, which may be relative."""
    return module == home or (home.startswith(".") and module.endswith(f".{home.lstrip('.')}"))


def _at_head(case: Case, modules: Modules, test: str, user: str) -> _Miss | None:
    tests, uses = modules.at_head(test), modules.at_head(user)
    diff = case.diff_of(test)
    if tests is None or uses is None or diff is None:
        return None
    found = _find(tests, uses, modules.named)
    return found if found and any(patch.line in diff.added_numbers for patch in found.patches) else None


def _find(test: Module, user: Module, named: Callable[[str], Module | None]) -> _Miss | None:
    patches = patches_of(test)
    lines = [(patch, misses(patch, patches, test, user, named)) for patch in patches]
    wrong = [(patch, line) for patch, line in lines if line]
    if not wrong:
        return None
    first, line = wrong[0]
    same = tuple(patch for patch, _ in wrong if patch.name == first.name and patch.module == first.module)
    return _Miss(test.path, user.path, first, same, line, user.unit.text(line).strip())


def _facts(found: _Miss) -> dict[str, Fact]:
    return {
        "name": found.patch.name,
        "patched_module": found.patch.module,
        "test_path": found.test,
        "tests": tuple(dict.fromkeys(patch.function for patch in found.patches))[:12],
        "count": len(found.patches),
        "user_path": found.user,
        "user_module": module_name(found.user),
        "import_line": found.import_text,
        "code": found.patch.code,
    }


def _summary(found: _Miss, verb: str) -> str:
    patches = counted(len(found.patches), "patch", "patches").capitalize()
    return (
        f"{patches} in `{found.test}` {verb} `{found.patch.name}` of `{found.patch.module}`,"
        f" while `{found.user}` holds its own `{found.patch.name}`, imported by name."
    )


def _merged(case: Case, found: _Miss) -> Exhibit:
    receipts: list[Receipt] = [file_receipt(case, found.user, found.import_line, found.import_text)]
    receipts += [file_receipt(case, found.test, patch.line, patch.code) for patch in found.patches[:8]]
    return charge(
        "placebo_patch",
        7.5,
        _summary(found, "replaces" if len(found.patches) == 1 else "replace"),
        _facts(found),
        receipts,
        stands_in=standing(case),
        confidence=0.85,
    )


def _on_the_way(case: Case, modules: Modules, test: str, user: str) -> Iterator[Exhibit]:
    order = [commit.sha for commit in case.pull_request.commits]
    versions = {path: {state.sha: state for state in states(case, path)} for path in (test, user)}
    now: dict[str, State] = {}
    begun: tuple[int, _Miss] | None = None
    for index, sha in enumerate(order):
        changed = {path: versions[path][sha] for path in versions if sha in versions[path]}
        if any(diff.path in versions and diff.path not in changed for diff in case.commit_diffs(sha)):
            return
        now |= changed
        if not changed or len(now) < len(versions):
            continue
        found = _in_texts(modules, now[test], now[user], test, user)
        if found is not None and begun is None:
            begun = (index, found)
        elif found is None and begun is not None:
            exhibit = _past(case, begun, index)
            if exhibit is not None:
                yield exhibit
            return


def _in_texts(modules: Modules, tests: State, uses: State, test: str, user: str) -> _Miss | None:
    if not _worth_reading(tests.text, uses.text, user):
        return None
    tree, module = modules.of_text(test, tests.text), modules.of_text(user, uses.text)
    return _find(tree, module, lambda _: None) if tree and module else None


def _past(case: Case, begun: tuple[int, _Miss], gone: int) -> Exhibit | None:
    commits = case.pull_request.commits
    came, found = begun
    receipts = _past_receipts(case, [commit.sha for commit in commits[: gone + 1]], found)
    if not receipts:
        return None
    facts = _facts(found) | {
        "came_with": commits[came].subject,
        "mended_with": commits[gone].subject,
        "commits_between": gone - came,
    }
    return charge(
        "placebo_patch",
        6.5,
        f"{_summary(found, 'replaced')} Mended before the end.",
        facts,
        receipts,
        stands_in=StandsIn.ON_THE_WAY,
        came_in=commits[came].sha,
        gone_in=commits[gone].sha,
        confidence=0.85,
    )


def _past_receipts(case: Case, shas: list[str], found: _Miss) -> list[Receipt]:
    """Return the added lines of the commits that brought the import and the first patches, and their removal."""
    wanted = {
        found.user: [found.import_text],
        found.test: [patch.code.split("\n")[0].strip() for patch in found.patches],
    }
    receipts: list[Receipt] = []
    for sha in shas:
        for diff in case.commit_diffs(sha):
            for text in dict.fromkeys(wanted.get(diff.path, ())):
                for line in (*diff.added, *diff.removed):
                    if text and line.text.strip() == text and len(receipts) < 10:
                        receipts.append(commit_file_receipt(case, sha, diff.path, line))
    return receipts
