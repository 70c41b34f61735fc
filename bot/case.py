"""The case: all that a detector may look at, gathered beforehand, parsed once and shared.

A ``Case`` does no I/O. The trial fills it from a source; what is derived from it (parsed diffs,
syntax trees, structural matches) is computed on first use and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.diff import FileDiff, parse_patch
from bot.kinds import FileKind, kind_of
from bot.pull_request import ChangedFile, Commit, FollowUp, Frozen, PullRequest, User
from bot.python_source import PythonUnit, units_of
from bot.structural import Hit, StructuralUnit, by_language
from bot.structural import units_of as structural_units_of
from bot.structural_rules import Rule, own_rules


class Coverage(Frozen):
    """What was read and what was left out, in figures and in words for the card.

    ``notes`` are whole phrases ("3 files had no patch"). ``partial`` forbids claims of absence.
    """

    files_read: int = 0
    files_total: int = 0
    commits_read: int = 0
    commits_total: int = 0
    comments_read: int = 0
    commit_diffs_read: int = 0
    whole_files_read: int = 0
    conversation_known: bool = True
    follow_ups_known: bool = True
    notes: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether anything of the diff or the log was left out."""
        return self.files_read < self.files_total or self.commits_read < self.commits_total


class PriorOffence(Frozen):
    """An earlier verdict here on the same author, for ``repeat_offence``."""

    kind: str
    pull_request: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class Case:
    """A pull request with everything around it.

    ``head_files``    whole text by path at the head, for those files that the source fetched whole
    ``base_files``    whole text by path at the base
    ``commit_files``  by commit sha, that commit's own diff against its first parent
    ``house_rules``   text by path (AGENTS.md, CLAUDE.md, CONTRIBUTING.md) at the base
    ``record``        what was found earlier here on the same author
    ``operator_rules``  structural rules that an operator added (``config/rules``)
    ``is_first_timer`` by the platform's word (``author_association``)
    """

    pull_request: PullRequest
    head_files: Mapping[str, str] = field(default_factory=dict)
    base_files: Mapping[str, str] = field(default_factory=dict)
    commit_files: Mapping[str, tuple[ChangedFile, ...]] = field(default_factory=dict)
    follow_ups: tuple[FollowUp, ...] = ()
    house_rules: Mapping[str, str] = field(default_factory=dict)
    record: tuple[PriorOffence, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    operator_rules: tuple[Rule, ...] = ()

    @cached_property
    def diffs(self) -> tuple[FileDiff, ...]:
        """Every changed file with its hunks, in the pull request's order."""
        return tuple(parse_patch(file) for file in self.pull_request.files)

    @cached_property
    def _diffs_by_path(self) -> dict[str, FileDiff]:
        return {diff.path: diff for diff in self.diffs}

    def diff_of(self, path: str) -> FileDiff | None:
        """Return the diff of one path, if it is part of the pull request."""
        return self._diffs_by_path.get(path)

    def kind(self, path: str) -> FileKind:
        """Return whether a path is production, test, docs, generated, vendored, lock, config or binary."""
        if path not in self._kinds:
            self._kinds[path] = kind_of(path, self.head_files.get(path) or self._patches.get(path))
        return self._kinds[path]

    @cached_property
    def _patches(self) -> dict[str, str]:
        return {file.path: file.patch for file in self.pull_request.files if file.patch}

    @cached_property
    def _kinds(self) -> dict[str, FileKind]:
        return {}

    @cached_property
    def production(self) -> tuple[FileDiff, ...]:
        """The diffs of hand-written code that ships."""
        return tuple(diff for diff in self.diffs if self.kind(diff.path) is FileKind.PRODUCTION)

    @cached_property
    def tests(self) -> tuple[FileDiff, ...]:
        """The diffs of test code."""
        return tuple(diff for diff in self.diffs if self.kind(diff.path) is FileKind.TEST)

    @cached_property
    def removed_texts(self) -> frozenset[str]:
        """The removed lines of the whole pull request, stripped: an added line among them has only moved."""
        return frozenset(line.text.strip() for diff in self.diffs for line in diff.removed)

    @cached_property
    def python_units(self) -> tuple[PythonUnit, ...]:
        """Every parsed piece of the changed Python files: whole modules where known, else what hunks hold."""
        units: list[PythonUnit] = []
        for diff in self.diffs:
            if diff.path.endswith((".py", ".pyi")) and self.kind(diff.path).is_hand_written:
                units.extend(units_of(diff, self.head_files.get(diff.path)))
        return tuple(units)

    def python_in(self, *kinds: FileKind) -> tuple[PythonUnit, ...]:
        """Return the parsed Python of files of these kinds."""
        return tuple(unit for unit in self.python_units if self.kind(unit.path) in kinds)

    @cached_property
    def structural_units(self) -> tuple[StructuralUnit, ...]:
        """Every parsed piece of the changed code in other languages, with its functions and what rules matched."""
        rules = by_language((*own_rules(), *self.operator_rules))
        units: list[StructuralUnit] = []
        for diff in (*self.production, *self.tests):
            units.extend(structural_units_of(diff, self.head_files.get(diff.path), self.kind(diff.path), rules))
        return tuple(units)

    @cached_property
    def structural_hits(self) -> Mapping[str, tuple[Hit, ...]]:
        """What structural rules matched on added lines, by offence."""
        hits: dict[str, list[Hit]] = {}
        for unit in self.structural_units:
            for hit in unit.hits:
                hits.setdefault(hit.kind, []).append(hit)
        return {kind: tuple(items) for kind, items in hits.items()}

    @cached_property
    def own_commits(self) -> tuple[Commit, ...]:
        """The commits that are not merges, oldest first."""
        return tuple(commit for commit in self.pull_request.commits if not commit.is_merge)

    def commit_diffs(self, sha: str) -> tuple[FileDiff, ...]:
        """Return a commit's own diff, parsed once; empty where it was not read."""
        if sha not in self._parsed_commits:
            self._parsed_commits[sha] = tuple(parse_patch(file) for file in self.commit_files.get(sha, ()))
        return self._parsed_commits[sha]

    @cached_property
    def _parsed_commits(self) -> dict[str, tuple[FileDiff, ...]]:
        return {}

    @property
    def author(self) -> User:
        """Who opened the pull request."""
        return self.pull_request.user

    @property
    def is_first_timer(self) -> bool:
        """Whether the host says that this is the author's first contribution here."""
        return self.pull_request.author_association in {"FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"}
