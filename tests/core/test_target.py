"""What users type, read as a pull request."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RoastBotError, TargetError
from bot.target import GitHubTarget, LocalTarget, parse_target

SEVEN = GitHubTarget("owner", "repo", 7)


@pytest.mark.parametrize(
    "typed",
    [
        "https://github.com/owner/repo/pull/7",
        "http://www.github.com/owner/repo/pull/7/files",
        "https://github.com/owner/repo/pull/7#discussion_r1",
        "https://github.com/owner/repo/pull/7?w=1",
        "github.com/owner/repo/pull/7",
        "<https://github.com/owner/repo/pull/7|the one>",
        "  owner/repo#7 ",
    ],
)
def test_forms_of_a_pull_request(typed: str) -> None:
    """Every usual way to write a pull request's address means the same."""
    assert parse_target(typed, local=False) == SEVEN


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "No pull request"),
        ("hello", "not a pull request"),
        ("https://github.com/owner/repo/issues/7", "address of an issue"),
        ("https://gitlab.com/owner/repo/pull/7", "not a host that is served"),
        ("https://github.com/owner/repo", "not a pull request's address"),
        ("https://github.com/owner/repo/pull/seven", "not a pull request's address"),
        ("ftp://github.com/owner/repo/pull/7", "not a host"),
        ("https://[github.com/owner", "not a URL"),
        ("owner/repo#0", "numbered from 1"),
        ("#7", "which repository"),
        ("git@github.com:owner/repo.git", "not a pull request"),
    ],
)
def test_what_is_no_pull_request_says_why(typed: str, words: str) -> None:
    """Whatever names no pull request is refused with the reason and a next step."""
    with pytest.raises(TargetError) as caught:
        parse_target(typed, local=False)
    assert words in caught.value.sentence
    assert caught.value.next_step
    assert caught.value.exit_status == 2


def test_a_bound_repository_lets_a_number_stand_alone() -> None:
    """In a channel that is bound to a repository, #7 is enough."""
    assert parse_target("#7", bound_repository="owner/repo", local=False) == SEVEN


def test_local_forms(tmp_path: Path) -> None:
    """A folder with a number, and a folder with a range, are local."""
    assert parse_target(f"{tmp_path}#7") == LocalTarget(tmp_path, 7)
    assert parse_target(f"{tmp_path}@main..dev") == LocalTarget(tmp_path, 0, "main", "dev")
    assert str(parse_target(f"{tmp_path}@main..dev")) == f"{tmp_path}@main..dev"


def test_a_chat_cannot_reach_the_machines_files(tmp_path: Path) -> None:
    """Where local targets are off, a path is no pull request."""
    with pytest.raises(TargetError):
        parse_target(f"{tmp_path}#7", local=False)


def test_enterprise_hosts_are_served_when_named() -> None:
    """Another host counts once the settings name it."""
    target = parse_target("https://git.example.com/o/r/pull/3", hosts=frozenset({"git.example.com"}), local=False)
    assert target == GitHubTarget("o", "r", 3, "git.example.com")


@given(st.text(max_size=200))
def test_any_text_is_a_target_or_a_sentence(typed: str) -> None:
    """No text makes the parser fail in another way than in words."""
    try:
        assert parse_target(typed, local=False)
    except RoastBotError as error:
        assert error.sentence
        assert "\n" not in str(error)
