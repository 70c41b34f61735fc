"""The house's own rule, broken by an added line.

What it finds: a sentence in AGENTS.md, CLAUDE.md or CONTRIBUTING.md that forbids something in a code span without
any condition ("do not use `getattr`", "never call `print()`", "avoid `any`", "use `x` instead of `y`"), and a line
of code that this pull request adds and that uses it.

Why it matters: the house wrote it down so that nobody would have to say it in a review.

Where it errs: rules have unwritten exceptions; sentences with an unless, a when or an only are left alone, and both
sides are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.case import Case
from bot.detectors.base import charge, counted, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Receipt, Stance, Where
from bot.kinds import CODE_SUFFIXES

STANCE = Stance.CHARGE
_FORBIDS = re.compile(
    r"(?:\b(?:do not|don['’]t|never|must not|should not|shouldn['’]t|no|avoid|not allowed:?)\s+(?:ever\s+)?(?:use"
    r"|using|call|calling|import|write|add"
    r"|introduce|rely on|commit)?\s*(?:the\s+|any\s+|bare\s+)?|\b(?:instead of|rather than|and not"
    r"|over)\s+(?:the\s+|using\s+)?)`([^`\n]{2,60})`",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(unless|except|when|if|only|where|while|inside|within|without|outside|until|before|after|for|in|to|as|on"
    r"|directly|alone|just"
    r"|manually|unnecessar\w+|excessive\w*|overus\w+)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"^[A-Za-z_@#$][\w.$:]*(?:\(\))?!?(?:\(\))?$")
_STRICT = re.compile(r"\b(do not|don['’]t|never|must not|avoid)\b|^[\s*>-]*(?:always )?(?:use|prefer)\b", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(#|//|/?\*|--|\"\"\"|''')")
_STRING = re.compile(r"\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|`[^`\n]{0,300}`")
_WORDS = frozenset(
    "true false none null self this git npm pip make main master pytest todo fixme bash sh http https api id ui".split()
)
_MOST_RULES, _RECEIPTS = 60, 5


@dataclass(frozen=True)
class Rule:
    """A prohibition: the sentence, where it stands, and what it forbids."""

    file: str
    sentence: str
    token: str
    pattern: re.Pattern[str]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a rule, five at most.

    Facts: ``rule`` (the sentence), ``rule_file``, ``token`` (what it forbids), ``path``, ``code`` (the first line
    that uses it), ``line``, ``count`` (of such lines), ``paths``.
    """
    rules = list(_rules(case))[:_MOST_RULES]
    if not rules:
        return
    either = re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in rules))
    broken: dict[int, list[tuple[FileDiff, Line]]] = {}
    for diff in (*case.production, *case.tests):
        if PurePosixPath(diff.path).suffix.lower() not in CODE_SUFFIXES:
            continue
        removed = {line.text.strip() for line in diff.removed}
        for line in diff.added:
            if _COMMENT.match(line.text) or len(line.text) > 500 or line.text.strip() in removed:
                continue
            text = _STRING.sub("''", line.text)
            if not either.search(text):
                continue
            for index, rule in enumerate(rules):
                if rule.pattern.search(text):
                    broken.setdefault(index, []).append((diff, line))
    for index, found in list(broken.items())[:5]:
        yield _exhibit(case, rules[index], found)


def _rules(case: Case) -> Iterator[Rule]:
    seen: set[str] = set()
    for file, text in case.house_rules.items():
        fenced = False
        for line in text[:200_000].split("\n"):
            fenced ^= line.lstrip().startswith("```")
            if fenced or "`" not in line or len(line) > 600:
                continue
            for sentence in re.split(r"(?<=[.;])\s+", line):
                for token in _forbidden(sentence):
                    if token not in seen:
                        seen.add(token)
                        yield Rule(file, sentence.strip(" -*\t\r"), token, _pattern(token))


def _forbidden(sentence: str) -> Iterator[str]:
    """Yield what a sentence forbids outright; a condition anywhere outside its code spans silences it."""
    plain = re.sub(r"`[^`]*`", "``", sentence)
    if not _STRICT.search(plain) or _CONDITION.search(plain):
        return
    for token in _FORBIDS.findall(sentence):
        bare = token.removesuffix("()").lower()
        if _TOKEN.match(token) and len(bare) >= 3 and bare not in _WORDS:
            yield token


def _pattern(token: str) -> re.Pattern[str]:
    called = token.endswith("()")
    name = re.escape(token.removesuffix("()"))
    before = r"(?<![\w.$])" if "." not in token else r"(?<![\w$])"
    return re.compile(before + name + (r"\s*\(" if called else r"(?![\w$])"))


def _exhibit(case: Case, rule: Rule, found: list[tuple[FileDiff, Line]]) -> Exhibit:
    diff, line = found[0]
    paths = tuple(dict.fromkeys(item.path for item, _ in found))
    return charge(
        "house_rule_broken",
        min(6.0 + 0.4 * len(found), 8.0),
        f"`{rule.file}` says “{rule.sentence}” `{diff.path}` says `{line.text.strip()}`",
        {
            "rule": rule.sentence,
            "rule_file": rule.file,
            "token": rule.token,
            "path": diff.path,
            "code": line.text.strip(),
            "line": line.new,
            "count": len(found),
            "counted": counted(len(found), "line"),
            "paths": paths[:6],
        },
        [
            Receipt(
                where=Where.HOUSE_RULE,
                path=rule.file,
                quote=rule.sentence,
                sha=case.pull_request.base_sha or None,
                url=case.pull_request.blob_url(rule.file, sha=case.pull_request.base_sha),
            ),
            *(line_receipt(case, item, text) for item, text in found[:_RECEIPTS]),
        ],
        stands_in=standing(case),
        confidence=0.85,
    )
