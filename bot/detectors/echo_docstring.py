"""A docstring that says the name again.

What it finds: new one-line docstrings in Python that ships, all of whose words stand in the name of the function or
class already (``def get_intent``: "Get the intent."), articles and endings aside.

Why it matters: it reads like documentation and holds none.

Where it errs: some houses demand a docstring on everything; the house's rule then gets what it asked for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, decorator_names, docstring_of, production
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import FunctionNode, PythonUnit

STANCE = Stance.CHARGE

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_FILLERS = frozenset("a an the of for to in on by with and or this that its it is from as new given our all".split())
_PLAIN = frozenset(
    "property cached_property staticmethod classmethod contextmanager asynccontextmanager dataclass".split()
)
_ENDING = re.compile(r"(?:ies|ing|ed|es|s|e|y)$")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for all of them, or for one whose words are the name to the letter.

    Facts: ``count``, ``name``, ``docstring`` (of the most telling one), ``path``, ``names``, ``docstrings`` (in order),
    ``docstrings_added`` (how many docstrings of functions and classes the pull request adds in all).
    """
    found: list[tuple[PythonUnit, int, str, str]] = []
    added = 0
    for unit in production(case):
        nodes: list[ast.ClassDef | FunctionNode] = [item.node for item in unit.functions]
        for node in [*nodes, *unit.of(ast.ClassDef)]:
            line = node.body[0].lineno
            if line in unit.added and _is_new(unit, node) and (text := docstring_of(node)):
                added += 1
                if not _is_help(node) and _echoes(node, text):
                    found.append((unit, line, node.name, text))
    if not found:
        return
    found.sort(key=lambda item: -len(item[3].split()))
    unit, _, name, text = found[0]
    yield charge(
        "echo_docstring",
        min(1.2 + 0.8 * len(found), 5.0),
        f"{counted(len(found), 'docstring').capitalize()} {'says' if len(found) == 1 else 'say'} the name again:"
        f' `{name}` is "{text}"',
        {
            "count": len(found),
            "name": name,
            "docstring": text,
            "path": unit.path,
            "names": tuple(item[2] for item in found[:8]),
            "docstrings": tuple(item[3] for item in found[:8]),
            "docstrings_added": added,
        },
        (file_receipt(case, item[0].path, item[1], item[0].text(item[1])) for item in found[:8]),
        stands_in=standing(case),
        confidence=0.85,
    )


def _is_new(unit: PythonUnit, node: ast.ClassDef | FunctionNode) -> bool:
    """Whether most of it was added: a renaming touches the name and the docstring, and neither is new prose."""
    lines = range(node.lineno, min(node.end_lineno or node.lineno, node.lineno + 40) + 1)
    return unit.adds(node) and sum(line in unit.added for line in lines) * 10 >= len(lines) * 8


def _is_help(node: ast.ClassDef | FunctionNode) -> bool:
    """Whether a decorator may show the docstring to users, as command lines and routes do."""
    return any(name.rsplit(".", 1)[-1] not in _PLAIN for name in decorator_names(node))


def _echoes(node: ast.ClassDef | FunctionNode, text: str) -> bool:
    if "\n" in text or len(text) > 80:
        return False
    known = _stems(node.name)
    if not isinstance(node, ast.ClassDef):
        known |= {stem for argument in all_arguments(node)[:6] for stem in _stems(argument.arg)}
    said = _stems(text)
    return len(said) >= 2 and said <= known


def _stems(text: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(text)} - _FILLERS
    return {_ENDING.sub("", word) if len(word) > 4 else word for word in words}
