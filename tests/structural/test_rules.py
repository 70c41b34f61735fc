"""The structural rules: ours do what they say, and an operator's are checked before they are used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.structural_rules import Rule, matches, operator_rules, own_rules

ROOT = Path(__file__).resolve().parents[2]
EACH = [(rule, language) for rule in own_rules() for language in rule.languages]
GOOD = "offence: naps\nlanguage: python\npattern: time.sleep($X)\nmessage: takes a nap\nweight: 3\n"


@pytest.mark.parametrize(("rule", "language"), EACH, ids=lambda item: getattr(item, "name", item))
def test_own_rule_hits_and_misses(rule: Rule, language: str) -> None:
    """Each of our rules has a text that it matches and one that it does not, in each of its languages."""
    assert rule.hit
    assert rule.miss
    assert matches(rule, rule.hit, language)
    assert not matches(rule, rule.miss, language)


def test_sample_is_a_rule() -> None:
    """The sample that an operator finds under config/rules is itself a rule that works."""
    assert [rule.offence for rule in operator_rules(ROOT / "config" / "rules")] == ["wall_clock_nap"]


def test_five_keys_are_enough(tmp_path: Path) -> None:
    """Pattern, language, offence, message and weight make a rule; a file may hold one or a list."""
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "b.yml").write_text("- " + GOOD.replace("\n", "\n  ").strip() + "\n")
    assert [rule.message for rule in operator_rules(tmp_path)] == ["takes a nap", "takes a nap"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (GOOD.replace("offence", "offense"), "offence"),
        (GOOD.replace("language: python", "language: klingon"), "language"),
        (GOOD.replace("weight: 3", "weight: 30"), "weight"),
        (GOOD.replace("message: takes a nap\n", ""), "message"),
        (GOOD + "colour: red\n", "colour"),
        (GOOD.replace("pattern: time.sleep($X)\n", ""), "pattern"),
        (GOOD.replace("time.sleep($X)", "a b c"), "pattern"),
        (GOOD.replace("pattern: time.sleep($X)", "rule: {kind: no_such_kind}"), "rule"),
        (GOOD + "hit: time.time()\n", "hit"),
        (GOOD + "miss: time.sleep(1)\n", "miss"),
        (GOOD.replace("offence: naps", "offence: 7"), "offence"),
        ("just words\n", "pattern"),
    ],
)
def test_wrong_rule_names_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    """Whatever is wrong with a rule, the error names its file and its key, in one line."""
    (tmp_path / "mine.yml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        operator_rules(tmp_path)
    assert "mine.yml" in caught.value.sentence
    assert f"`{key}`" in caught.value.sentence
    assert "\n" not in str(caught.value)


def test_broken_yaml_names_file(tmp_path: Path) -> None:
    """A file that is no YAML is named."""
    (tmp_path / "mine.yml").write_text("a: [")
    with pytest.raises(SettingsError, match=r"mine\.yml cannot be read"):
        operator_rules(tmp_path)
