"""Structural rules as data: those that ship with the detectors, and those that an operator adds.

Ours lie in ``detectors/rules/<offence>.yml``; an operator's under ``config/rules/*.yml``. Both are the same model.
ast-grep accepts many a wrong pattern in silence, so each rule may carry a text that it must match (``hit``) and one
that it must not (``miss``); both are tried when the rule is loaded by an operator, and in the tests for ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.errors import SettingsError
from bot.pull_request import Frozen
from bot.settings_sections import Rules

LANGUAGES = {
    **dict.fromkeys(("ts", "mts", "cts"), "typescript"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), "javascript"),
    **dict.fromkeys(("py", "pyi"), "python"),
    **dict.fromkeys(("c", "h"), "c"),
    **dict.fromkeys(("cc", "cpp", "hpp"), "cpp"),
    **dict.fromkeys(("ex", "exs"), "elixir"),
    **dict.fromkeys(("sh", "bash"), "bash"),
    **dict.fromkeys(("kt", "kts"), "kotlin"),
    "tsx": "tsx", "go": "go", "rs": "rust", "java": "java", "rb": "ruby", "cs": "csharp", "swift": "swift",
    "scala": "scala", "php": "php", "lua": "lua", "hs": "haskell",
}  # fmt: skip
"""By suffix, the languages that rules may be written for: those whose grammars were tried."""
OUTLINED = frozenset({"typescript", "tsx", "javascript", "go", "rust", "java", "ruby"})
"""The languages that the detectors read by structure. Python is read by its own parser."""
_OWN = Path(__file__).parent / "detectors" / "rules"


class Rule(Frozen):
    """One structural rule.

    ``language``  one language or a list of them
    ``pattern``   code with holes (``console.log($$$)``), or ``rule``, an ast-grep rule object
    ``offence``   an existing kind, or a new name in lower case
    ``message``   what it says, as a whole phrase: "leaves a `console.log`"
    ``weight``    0 to 10
    ``hit``       a text that it must match; ``miss`` one that it must not
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    offence: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)
    language: str | tuple[str, ...]
    pattern: str = ""
    rule: dict[str, Any] = Field(default_factory=dict)
    message: str = Field(min_length=3, max_length=200)
    weight: float = Field(default=3.0, ge=0, le=10)
    name: str = ""
    hit: str = ""
    miss: str = ""

    @field_validator("language")
    @classmethod
    def _known(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for language in (value,) if isinstance(value, str) else value:
            if language not in LANGUAGES.values():
                msg = f"no such language: {language} (known: {', '.join(sorted(set(LANGUAGES.values())))})"
                raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _one_matcher(self) -> Rule:
        if bool(self.pattern) == bool(self.rule):
            raise ValueError("give either `pattern` or `rule`")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is for."""
        return (self.language,) if isinstance(self.language, str) else self.language

    @property
    def as_rule(self) -> dict[str, Any]:
        """The ast-grep rule object."""
        return {"pattern": self.pattern} if self.pattern else self.rule


def matches(rule: Rule, text: str, language: str) -> bool:
    """Return whether the rule matches anywhere in a text.

    Raises:
        ValueError: the rule is not one that ast-grep understands; the message is its own, without the stack.
    """
    from ast_grep_py import SgRoot  # noqa: PLC0415 - 29 grammars: loaded where used

    try:
        wanted: list[Any] = [rule.as_rule]
        return SgRoot(text, language).root().find(any=wanted) is not None
    except Exception as error:  # noqa: BLE001 - ast-grep raises bare Exception as well as RuntimeError
        raise ValueError(_cause(error)) from None


def _cause(error: Exception) -> str:
    before_stack = str(error).split("\n\nStack backtrace", 1)[0]
    last = [line.strip() for line in before_stack.split("\n") if line.strip()][-1]
    return last.split(": ", 1)[-1] if last[:1].isdigit() else last


@cache
def own_rules() -> tuple[Rule, ...]:
    """Return the rules that ship with the detectors, by offence and in the order of their files."""
    rules: list[Rule] = []
    for path in sorted(_OWN.glob("*.yml")):
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules += [Rule.model_validate({"offence": path.stem, **raw}) for raw in listed]
    return tuple(rules)


def rules_of(settings: Rules) -> tuple[Rule, ...]:
    """Return the operator's rules that the settings name. Raises ``SettingsError`` naming file and key."""
    if settings.folder is None:
        return ()
    if not settings.folder.is_dir():
        raise SettingsError(f"rules.folder: {settings.folder} is no folder.", "Name one that holds *.yml files.")
    return operator_rules(settings.folder)


def operator_rules(folder: Path) -> tuple[Rule, ...]:
    """Return an operator's rules: every ``*.yml`` of a folder, each a rule or a list of them.

    Raises:
        SettingsError: a file cannot be read, a key is missing, unknown or malformed, ast-grep does not understand
            the pattern, or it does not do what its ``hit`` and ``miss`` say. The sentence names the file and the key.
    """
    return tuple(rule for path in sorted(folder.glob("*.yml")) for rule in _read(path))


def _read(path: Path) -> Iterator[Rule]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SettingsError(
            f"The rule file {path} cannot be read: {reason}.", "Mend its YAML or take it away."
        ) from None
    for item in raw if isinstance(raw, list) else [raw] if raw is not None else []:
        yield _checked(path, item)


def _checked(path: Path, item: object) -> Rule:
    try:
        rule = Rule.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "pattern"
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"The rule file {path} is wrong at `{key}`: {reason}.", "Mend that key.") from None
    for language in rule.languages:
        _try_out(path, rule, language)
    return rule


def _try_out(path: Path, rule: Rule, language: str) -> None:
    key = "pattern" if rule.pattern else "rule"
    try:
        hits = matches(rule, rule.hit, language)
        misses = not matches(rule, rule.miss, language)
    except ValueError as error:
        raise SettingsError(
            f"The rule file {path} is wrong at `{key}`: {str(error).rstrip('.')}.",
            "See https://ast-grep.github.io/reference/rule.html for what a rule may be.",
        ) from None
    if rule.hit and not hits:
        raise SettingsError(
            f"The rule file {path} is wrong at `hit`: `{key}` does not match it.", "Mend one of the two."
        )
    if rule.miss and not misses:
        raise SettingsError(f"The rule file {path} is wrong at `miss`: `{key}` matches it.", "Mend one of the two.")
