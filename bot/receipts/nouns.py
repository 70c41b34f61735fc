"""What a number counts: the nouns after it, in prose and in the names of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.receipts.numbers import Number, is_number
from bot.receipts.text import Kind, Token, stem, stemmed, stems

_SYNONYMS = {
    "deletion": "remove", "delete": "remove", "insert": "add", "addition": "add", "insertion": "add", "new": "add",
    "deep": "depth", "level": "depth", "nest": "depth", "argument": "parameter", "arg": "parameter",
    "param": "parameter", "letter": "character", "char": "character", "loc": "line", "remark": "comment",
    "occurrence": "time", "usage": "use", "pr": "pull", "msg": "message", "dep": "dependency", "exception": "error",
    "func": "function", "touch": "change", "modify": "change", "modified": "change", "edit": "change",
    "directory": "folder", "people": "person", "human": "person", "assertion": "assert",
}  # fmt: skip


_SAME = {stem(word): stem(same) for word, same in _SYNONYMS.items()}


def canonical(words: Iterable[str]) -> frozenset[str]:
    """Return stems with synonyms made one: a deletion is a removal, an argument a parameter."""
    return frozenset(_SAME.get(word, word) for word in words)


_COUNTED = """
    line commit file test assert assertion function method class module package import branch merge review comment
    description message changelog fixture mock parameter argument variable constant loop exception handler fix fixup
    bug revert release version build pipeline check diff hunk character letter byte digit word docstring flag setting
    dependency library endpoint query table column migration lock folder directory subject reviewer approval
    callback decorator suffix character sentence addition deletion insertion change statement condition
    block parent call caller todo warning error typo rename name pull request issue pr follow-up contributor
    subject title reply answer remark thread star type annotation helper wrapper retry attempt read await spec
    scenario suite snapshot lockfile config job step workflow dollar percent level indentation space tab newline bot
    approver bullet paragraph heading header link image minute hour day week month year second person people author
"""  # fmt: skip
COUNTED = canonical(stemmed(_COUNTED))
"""Stems of what is counted in and around code; a number beside one of them is always a claim."""

_STOPS = frozenset(
    "is are was were be been being has have had do does did will would can could may might must shall should in on at"
    " by for from to into with without within after before of and or but nor so yet than then that which who whom whose"
    " where when while as if because since until though it its he she they them this these those there here not no"
    " up down off away back again too either also out"
    " about around over under like than per through between during against across along behind beside beyond except"
    " i we you us our your their his her him the a an all both each every any some".split()
)
_PARTITIVES = frozenset("them the those these its which whom his her their all this that our".split())
_FILLERS = frozenset("other others more further additional separate different distinct such same whole entire".split())
_COPULAS = frozenset("is are was were".split())


def after_number(items: Sequence[Token], number: Number, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of the nouns that a number counts, and of what narrows them ("of tests").

    "two of them merges" counts merges, "929 added lines of tests" lines, narrowed by added and tests.
    """
    at = _skip_partitive(items, number.last + 1, end)
    words, at = _run(items, at, end)
    narrowing: set[str] = set()
    if at < end and items[at].lower in {"of", "in"}:
        more, _ = _run(items, at + 1, end)
        narrowing |= set(more)
    heads = {word for word in words if word in _counted_or_last(words)}
    return frozenset(heads), frozenset(words) - heads | narrowing


def _counted_or_last(words: Sequence[str]) -> set[str]:
    counted = {word for word in words if word in COUNTED or canonical({word}) & COUNTED}
    return counted or set(words)


def _skip_partitive(items: Sequence[Token], at: int, end: int) -> int:
    """Step over "of the", "of them", "of the 11", and over "are" where the number is its own noun ("929 are tests")."""
    if at < end and items[at].text == "-":
        at += 1
    if at + 1 < end and items[at].lower in {"of", "out"}:
        at += 1
        while at < end and (items[at].lower in _PARTITIVES | {"of"} or is_number(items[at])):
            at += 1
    while at < end and items[at].lower in _FILLERS:
        at += 1
    if at < end and items[at].lower in _COPULAS:
        at += 1
    return at


def _run(items: Sequence[Token], at: int, end: int, longest: int = 4) -> tuple[list[str], int]:
    words: list[str] = []
    while at < end and len(words) < longest and (items[at].kind is Kind.WORD or items[at].text == "-"):
        if items[at].lower in _STOPS:
            break
        if items[at].text != "-":
            words.append(items[at].stem)
        at += 1
    return words, at


def noun_phrase(items: Sequence[Token], number: Number, end: int) -> list[str]:
    """Return the stems of the words that may name what a number of a sentence counts, nearest first."""
    words, _ = _run(items, _skip_partitive(items, number.last + 1, end), end)
    return words


def copula_after(items: Sequence[Token], number: Number, end: int) -> bool:
    """Whether the number is its own noun: "929 are tests"."""
    at = number.last + 1
    return at < end and items[at].lower in _COPULAS


_GENERIC = frozenset("count number total n size amount times occurrences sum how many".split())
_LINES = {"additions": "add", "deletions": "remove", "insertions": "add", "added": "add", "removed": "remove"}


def head_of_fact(name: str, kind: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a fact counts, from its name: ``test_additions`` are lines, narrowed by test and added.

    A generic name (``count``) counts what the exhibit's kind names.
    """
    parts = [part for part in name.lower().split("_") if part]
    last = parts[-1] if parts else ""
    things = [stem(part) for part in parts[:-1] if part.endswith("s") and part != "tests"]
    if last in _LINES and (counted := canonical(things) & COUNTED):  # "docstrings_added" are docstrings
        return counted, stemmed(_LINES[last])
    if last in _LINES:
        return stemmed("line"), stemmed(" ".join((_LINES[last], *parts[:-1])))
    telling = [part for part in parts if part not in _GENERIC]
    if not telling:
        return kind | stemmed("time"), frozenset()
    words = [stem(part) for part in telling]
    heads = _counted_or_last(words)
    return frozenset(heads), stems(name) - heads
