"""The safe way in, and the unsafe one out.

What it finds: added lines that ship which use a function made to be safe (``shlex.join``, ``secrets``,
``hmac.compare_digest``, ``yaml.safe_load``, ``tempfile``, ``ast.literal_eval``, ``textContent``…), above all where
the same file loses the unsafe counterpart.

Why it matters: safety that is an import away is the cheapest there is.

Where it errs: without a removed counterpart it is told as a choice, not as a repair; ``instead_of`` is empty then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import credit, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Receipt, Stance

STANCE = Stance.CREDIT

_COMMENT = ("#", "//", "*", "/*", "--", '"', "'", "<!--", "import ", "from ")
_PAIRS = (
    ("shlex.join", r"\bshlex\.(?:join|quote)\(", r"[\"'] [\"']\.join\(|shell=True|\bos\.system\("),
    ("secrets", r"\bsecrets\.(?:token_\w+|choice|randbelow|compare_digest)\(", r"\brandom\.\w+\(|\buuid\.uuid1\("),
    ("hmac.compare_digest", r"\bhmac\.compare_digest\(|\btimingSafeEqual\(|\bConstantTimeCompare\(", r"==|!="),
    ("yaml.safe_load", r"\byaml\.safe_(?:load|load_all|dump)\(|SafeLoader", r"\byaml\.load\((?!.*SafeLoader)"),
    ("ast.literal_eval", r"\bast\.literal_eval\(", r"(?<![\w.])eval\("),
    ("tempfile", r"\b(?:NamedTemporaryFile|TemporaryDirectory|mkstemp|mkdtemp)\(", r"\bmktemp\(|[\"']/tmp/"),
    ("defusedxml", r"\bdefusedxml\b", r"\bxml\.(?:etree|dom|sax)\b"),
    ("parameterised SQL", r"\.execute\([^)\n]{0,200}(?:%s|\?|:\w+)[^)\n]{0,80}[\"'],", r"\.execute\(\s*f[\"']"),
    ("textContent", r"\.textContent\s*=", r"\.innerHTML\s*="),
    ("a hash that holds", r"\b(?:sha256|sha512|blake2b|scrypt|argon2)\b", r"\b(?:md5|sha1)\("),
)
_ANY = re.compile("|".join(f"(?:{safe})" for _, safe, _ in _PAIRS))
_RULES = tuple((name, re.compile(safe), re.compile(unsafe)) for name, safe, unsafe in _PAIRS)
_ONLY_REPLACED = frozenset({"parameterised SQL", "textContent", "a hash that holds", "tempfile", "yaml.safe_load"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit an API and file.

    Facts: ``api``, ``path``, ``count``, ``code`` (the added line), ``instead_of`` (the removed line, or empty),
    ``replaced`` (whether the unsafe counterpart went from the same file).
    """
    told: set[str] = set()
    for diff in case.production:
        telling = [line for line in diff.added if len(line.text) < 500 and _ANY.search(line.text) and _is_code(line)]
        for name, safe, unsafe in _RULES if telling else ():
            added = [line for line in telling if safe.search(line.text)]
            if (
                not added
                or name in told
                or any(safe.search(line.text) for line in diff.removed if len(line.text) < 500)
            ):
                continue
            gone = next((line for line in _beside(diff, added) if unsafe.search(line.text) and _is_code(line)), None)
            if gone is not None or name not in _ONLY_REPLACED:
                told.add(name)
                yield _exhibit(case, diff, name, added, gone)


def _is_code(line: Line) -> bool:
    return not line.text.lstrip().startswith(_COMMENT)


def _beside(diff: FileDiff, added: list[Line]) -> Iterator[Line]:
    """Yield the removed lines of the hunks in which the added ones stand: those that they may replace."""
    wanted = {id(line) for line in added}
    for hunk in diff.hunks:
        if any(id(line) in wanted for line in hunk.lines):
            yield from (line for line in hunk.lines if line.mark == "-" and len(line.text) < 500)


def _exhibit(case: Case, diff: FileDiff, name: str, added: list[Line], gone: Line | None) -> Exhibit:
    receipts: list[Receipt] = [line_receipt(case, diff, line) for line in added[:4]]
    instead = ""
    if gone is not None:
        receipts.append(line_receipt(case, diff, gone))
        instead = f" where `{gone.text.strip()[:80]}` stood"
    return credit(
        "safe_api_adopted",
        5.0 if gone is not None else 3.0,
        f"`{diff.path}` uses {name if ' ' in name else f'`{name}`'}{instead}.",
        {
            "api": name,
            "path": diff.path,
            "count": len(added),
            "code": added[0].text.strip()[:200],
            "instead_of": gone.text.strip()[:200] if gone is not None else "",
            "replaced": gone is not None,
        },
        receipts,
        stands_in=standing(case),
        confidence=0.8,
    )
