"""What an offence is, in its detector's own words: read from the docstring, without importing a single detector."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,60}$")


@dataclass(frozen=True, slots=True)
class Explained:
    """The parts of a detector's docstring; all empty for an offence of an operator's own."""

    summary: str = ""
    finds: str = ""
    matters: str = ""
    errs: str = ""


@lru_cache(maxsize=512)
def explained(kind: str) -> Explained:
    """Return what an offence is."""
    if not _NAME.match(kind):
        return Explained()
    module = files("bot").joinpath("detectors", f"{kind}.py")
    if not module.is_file():
        return Explained()
    words = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return Explained(
        summary=words.split("\n\n", 1)[0].replace("\n", " "),
        finds=_part(words, "What it finds"),
        matters=_part(words, "Why it matters") or _part(words, "Why it is funny") or _part(words, "Why it is fair"),
        errs=_part(words, "Where it errs"),
    )


def _part(words: str, name: str) -> str:
    found = re.search(rf"{name}[^:\n]*:\s*(.*?)(?:\n\n|\Z)", words, re.DOTALL)
    return " ".join(found[1].split()).replace("``", "`") if found else ""
