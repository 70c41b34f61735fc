"""Long functions and long lists of parameters in languages other than Python, from the structural outline."""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import charge, file_receipt, standing
from bot.exhibit import Exhibit
from bot.kinds import FileKind
from bot.structural import SourceFunction, StructuralUnit

_LONG = 100
_MOSTLY_NEW = 0.8
_MANY = 7
_MOST_TOLD = 3


def long_functions(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for each of the three longest new functions of more than a hundred lines: ``god_function``.

    Facts: ``function``, ``path``, ``lines``, ``added_lines``, ``language``, ``parameters``, ``code`` (its first
    line), ``functions_like_it`` (how many the pull request adds in all).
    """
    found = sorted(_long(case), key=lambda item: -item[1].length)
    for unit, function, new in found[:_MOST_TOLD]:
        text = unit.lines.get(function.first_line, "").strip()
        yield charge(
            "god_function",
            min(3.0 + function.length / 60, 8.0),
            f"`{function.name}` in `{unit.path}` is {function.length} lines long, {new} of them new.",
            {
                "function": function.name,
                "path": unit.path,
                "lines": function.length,
                "added_lines": new,
                "language": unit.language,
                "parameters": function.parameters,
                "code": text,
                "functions_like_it": len(found),
            },
            (file_receipt(case, unit.path, function.first_line, text),),
            stands_in=standing(case),
            confidence=0.9,
        )


def _long(case: Case) -> Iterator[tuple[StructuralUnit, SourceFunction, int]]:
    for unit, function in _outermost(case):
        if unit.complete and function.length > _LONG and function.first_line in unit.added:
            new = sum(number in unit.added for number in range(function.first_line, function.last_line + 1))
            text = unit.lines.get(function.first_line, "").strip()
            if new >= _MOSTLY_NEW * function.length and text not in case.removed_texts:
                yield unit, function, new


def many_parameters(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for each new function that declares more than seven parameters: ``too_many_parameters``.

    Facts: ``function``, ``path``, ``count`` (of parameters), ``language``, ``code`` (its first line).
    """
    for unit, function in _outermost(case):
        text = unit.lines.get(function.first_line, "").strip()
        if function.parameters > _MANY and function.first_line in unit.added and text not in case.removed_texts:
            yield charge(
                "too_many_parameters",
                min(1.0 + 0.5 * function.parameters, 7.0),
                f"`{function.name}` in `{unit.path}` takes {function.parameters} parameters.",
                {
                    "function": function.name,
                    "path": unit.path,
                    "count": function.parameters,
                    "language": unit.language,
                    "code": text,
                },
                (file_receipt(case, unit.path, function.first_line, text),),
                stands_in=standing(case),
                confidence=0.9,
            )


def _outermost(case: Case) -> Iterator[tuple[StructuralUnit, SourceFunction]]:
    for unit in case.structural_units:
        if case.kind(unit.path) is FileKind.PRODUCTION:
            for function in unit.functions:
                if function.name and not function.is_test and unit.lines.get(function.first_line, "").strip():
                    yield unit, function
