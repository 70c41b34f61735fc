"""Code of other languages as structure: rules that match syntax, and an outline of functions.

A rule is a pattern or a rule object of ast-grep (https://ast-grep.github.io/reference/rule.html). All rules of a
language are combined into one search over one parse of each file. Nothing is ever executed or imported (law 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.diff import FileDiff
from bot.kinds import FileKind
from bot.structural_rules import LANGUAGES, OUTLINED, Rule

_LARGEST_TEXT = 1_500_000
_LONGEST_LINE = 20_000
_MOST_HUNKS = 400
_MOST_MATCHES = 20_000
_MOST_HITS = 500
_FUNCTIONS = {
    "typescript": ("function_declaration", "method_definition", "arrow_function", "function_expression"),
    "tsx": ("function_declaration", "method_definition", "arrow_function", "function_expression"),
    "javascript": ("function_declaration", "method_definition", "arrow_function", "function_expression"),
    "go": ("function_declaration", "method_declaration"),
    "rust": ("function_item",),
    "java": ("method_declaration", "constructor_declaration"),
    "ruby": ("method", "singleton_method"),
}
_MARKED_AS_TEST = {"kind": "attribute_item", "regex": r"\btest\b", "stopBy": {"not": {"kind": "attribute_item"}}}
_TEST_REGION: dict[str, dict[str, Any]] = {
    "rust": {"any": [{"kind": "mod_item"}, {"kind": "function_item"}], "follows": _MARKED_AS_TEST},
}
_PARAMETERS = frozenset(
    "required_parameter optional_parameter identifier object_pattern array_pattern assignment_pattern rest_pattern"
    " parameter_declaration variadic_parameter_declaration parameter formal_parameter spread_parameter"
    " optional_parameter keyword_parameter splat_parameter hash_splat_parameter block_parameter".split()
)


@dataclass(frozen=True, slots=True)
class SourceFunction:
    """A function of any language: the lines it spans and how many parameters it declares."""

    name: str
    first_line: int
    last_line: int
    parameters: int
    is_test: bool = False

    @property
    def length(self) -> int:
        """How many lines it spans."""
        return self.last_line - self.first_line + 1


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule matched on an added line. ``function`` is the name of the enclosing one, if it can be told."""

    kind: str
    rule: Rule
    path: str
    line: int
    text: str
    first_line_text: str
    language: str
    function: str
    in_test: bool
    complete: bool


@dataclass(frozen=True)
class StructuralUnit:
    """A parsed file, or a hunk of one that is known by its patch only (``complete`` is false)."""

    path: str
    language: str
    complete: bool
    added: frozenset[int]
    functions: tuple[SourceFunction, ...] = ()
    hits: tuple[Hit, ...] = ()
    lines: Mapping[int, str] = field(default_factory=dict)
    test_regions: tuple[tuple[int, int], ...] = ()

    def is_test_line(self, number: int) -> bool:
        """Whether a line lies in a module or function that is marked as a test (Rust keeps them beside the code)."""
        return any(first <= number <= last for first, last in self.test_regions)


def language_of(path: str) -> str:
    """Return the language that a path's suffix stands for, or nothing."""
    return LANGUAGES.get(path.rsplit(".", 1)[-1].lower(), "") if "." in path.rsplit("/", 1)[-1] else ""


def units_of(
    diff: FileDiff, text: str | None, kind: FileKind, rules: Mapping[str, Sequence[Rule]]
) -> Iterator[StructuralUnit]:
    """Yield the parsed pieces of one changed file: the whole of it where that is known, else hunk by hunk."""
    language = language_of(diff.path)
    if not diff.added or (language not in OUTLINED and not rules.get(language)):
        return
    if text is None and diff.is_new and not diff.truncated:
        text = "\n".join(line.text for line in diff.added)
    own = rules.get(language, ())
    if text is not None:
        yield from _unit(_Piece(diff, kind, text.split("\n"), range(1, text.count("\n") + 2), complete=True), own)
        return
    for hunk in diff.hunks[:_MOST_HUNKS]:
        side = [(line.new, line.text) for line in hunk.lines if line.new is not None]
        if any(line.mark == "+" for line in hunk.lines):
            numbers, lines = [number for number, _ in side], [line for _, line in side]
            yield from _unit(_Piece(diff, kind, lines, numbers, complete=False), own)


def by_language(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Return the rules of each language, in order."""
    sorted_out: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for language in rule.languages:
            sorted_out[language].append(rule)
    return {language: tuple(items) for language, items in sorted_out.items()}


@dataclass(frozen=True)
class _Piece:
    """A stretch of a changed file: its lines, and the number of each in the new file."""

    diff: FileDiff
    kind: FileKind
    lines: Sequence[str]
    numbers: Sequence[int]
    complete: bool


def _unit(piece: _Piece, rules: Sequence[Rule]) -> Iterator[StructuralUnit]:
    lines = piece.lines
    if sum(map(len, lines)) > _LARGEST_TEXT or max(map(len, lines), default=0) > _LONGEST_LINE:
        return
    reader = _Reader(piece, rules)
    try:
        reader.read()
    except (RuntimeError, ValueError):  # what the parser cannot take is left out (law 2)
        return
    yield StructuralUnit(
        piece.diff.path,
        reader.language,
        piece.complete,
        piece.diff.added_numbers,
        tuple(reader.functions),
        tuple(reader.hits),
        dict(zip(piece.numbers, lines, strict=True)),
        tuple(_outermost(reader.regions)),
    )


def _outermost(regions: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = 0
    for first, last in sorted(regions):
        if last > end:
            yield first, last
            end = last


class _Reader:
    """One search over one text: outline first, then the rules, in the order of the text."""

    def __init__(self, piece: _Piece, rules: Sequence[Rule]) -> None:
        self.piece, self.rules = piece, rules
        self.diff, self.lines, self.numbers = piece.diff, piece.lines, piece.numbers
        self.language = language_of(piece.diff.path)
        self.functions: list[SourceFunction] = []
        self.hits: list[Hit] = []
        self.regions: list[tuple[int, int]] = []

    def read(self) -> None:
        """Fill ``functions`` and ``hits``."""
        from ast_grep_py import SgRoot  # noqa: PLC0415 - 29 grammars: loaded where used

        root = SgRoot("\n".join(self.lines), self.language).root()
        kinds = _FUNCTIONS.get(self.language, ())
        wanted: list[Any] = [{"kind": kind} for kind in kinds]
        if self.language in _TEST_REGION:
            wanted.append({"kind": "mod_item"})
        wanted += [rule.as_rule for rule in self.rules]
        found = root.find_all(any=wanted)[:_MOST_MATCHES]
        matches: list[tuple[int, Any]] = []
        for node in found:
            self._outline(node, kinds)
            line = self.numbers[node.range().start.line]
            if line in self.diff.added_numbers:
                matches.append((line, node))
        for line, node in matches:
            if len(self.hits) < _MOST_HITS:
                self._judge(line, node)

    def _outline(self, node: Any, kinds: Sequence[str]) -> None:
        kind = node.kind()
        if kind not in kinds and kind != "mod_item":
            return
        span = node.range()
        first, last = self.numbers[span.start.line], self.numbers[min(span.end.line, len(self.numbers) - 1)]
        region = _TEST_REGION.get(self.language)
        marked = region is not None and node.matches(**region)
        if marked:
            self.regions.append((first, last))
        if kind in kinds:
            in_test = self._in_test(first)
            self.functions.append(SourceFunction(_name(node), first, last, _parameter_count(node), in_test))

    def _judge(self, line: int, node: Any) -> None:
        for rule in self.rules:
            if node.matches(**rule.as_rule):
                text = node.text()[:400]
                first_line = self.lines[node.range().start.line].strip()
                function = self._function_at(line)
                self.hits.append(
                    Hit(
                        rule.offence, rule, self.diff.path, line, text, first_line, self.language, function,
                        self._in_test(line), self.piece.complete,
                    )
                )  # fmt: skip

    def _in_test(self, line: int) -> bool:
        return self.piece.kind is FileKind.TEST or any(first <= line <= last for first, last in self.regions)

    def _function_at(self, line: int) -> str:
        spanning = [item for item in self.functions if item.name and item.first_line <= line <= item.last_line]
        return min(spanning, key=lambda item: item.length).name if spanning else ""


def _name(node: Any) -> str:
    named = node.field("name")
    if named is None:
        parent = node.parent()
        if parent is not None and parent.kind() in {"variable_declarator", "pair", "public_field_definition"}:
            named = parent.field("name") or parent.field("key")
    return named.text()[:120] if named is not None else ""


def _parameter_count(node: Any) -> int:
    parameters = node.field("parameters")
    if parameters is None:
        return 1 if node.field("parameter") is not None else 0
    count = 0
    for child in parameters.children():
        if child.kind() == "parameter_declaration":  # Go: `a, b int` is two
            count += max(1, sum(item.kind() == "identifier" for item in child.children()))
        elif child.kind() in _PARAMETERS and not child.text().startswith("this:"):
            count += 1
    return count
