"""Sorts of pull requests: what a title and its figures say of what it is."""

from __future__ import annotations

import pytest

from bot.brief import Subject
from bot.writers.sorts import bump_of, sort_of


def _subject(title: str, *, bot: bool = False, author: str = "ada") -> Subject:
    return Subject(slug="o/r#7", number=7, title=title, url="", author=author, author_is_bot=bot)


@pytest.mark.parametrize(
    ("title", "what", "old", "new", "level"),
    [
        ("Bump sentry-sdk from 2.17.0 to 2.18.0", "sentry-sdk", "2.17.0", "2.18.0", "minor"),
        ("chore(deps): bump @babel/core from 7.1.2 to 8.0.0", "@babel/core", "7.1.2", "8.0.0", "major"),
        ("Update Rust crate data-encoding to v2.11.0", "data-encoding", "", "v2.11.0", ""),
        ("Bump astral-tokio-tar to 0.6.1", "astral-tokio-tar", "", "0.6.1", ""),
        ("build(deps): update actions/checkout action to v4", "actions/checkout", "", "v4", ""),
    ],
)
def test_a_bump_names_what_moved_and_how_far(title, what, old, new, level) -> None:
    """What was raised, from which version to which, and which of the numbers moved."""
    found = bump_of(title)
    assert (found["what"], found["old"], found["new"], found["level"]) == (what, old, new, level)
    assert sort_of(_subject(title), {}) == "bump"


@pytest.mark.parametrize("title", ["Update the docs to say 2.0", "Fix the bump", "Move from A to B", "Update README"])
def test_what_names_no_version_is_no_bump(title) -> None:
    """A title that raises nothing to a version is not a bump."""
    assert bump_of(title) == {}


@pytest.mark.parametrize(
    ("title", "size", "sort"),
    [
        ("Revert “Add a cache”", {}, "revert"),
        ("Lock file maintenance", {}, "lock"),
        ("v4.5.1", {}, "release"),
        ("Fix typo in the guide", {"additions": 1, "main_file": "guide.md"}, "typo"),
        ("Say what the flag does", {"additions": 4, "main_file": "README.md", "prose": True}, "docs"),
        ("Say what the flag does", {"additions": 4, "main_file": "README.md", "prose": False}, ""),
        ("docs: update a link", {"additions": 1, "main_file": "README.md", "prose": False}, ""),
        ("Cache the build", {"additions": 4, "main_file": "ci.yml", "main_path": ".github/workflows/ci.yml"}, "ci"),
        ("Choose a theme", {"additions": 4, "main_file": "mkdocs.yml", "main_path": "mkdocs.yml"}, ""),
        ("Cover the retry", {"additions": 40, "test_additions": 40}, "tests"),
        ("Remove the old client", {"additions": 2, "deletions": 90, "production_additions": 2}, "removal"),
        ("Remove the old client", {"additions": 90, "deletions": 2, "production_additions": 90}, ""),
        ("Fix the retry", {"additions": 9, "production_additions": 9}, "fix"),
        ("Add a retry", {"additions": 9, "production_additions": 9}, "feature"),
        ("Rename the client", {"additions": 9, "production_additions": 9}, "tidy"),
        ("fix(ui): splines are reticulated", {"additions": 9, "production_additions": 9}, "fix"),
        ("feat: splines", {"additions": 9, "production_additions": 9}, "feature"),
        ("Reticulate splines", {"additions": 9, "production_additions": 9}, ""),
    ],
)
def test_the_sort_follows_from_title_and_figures(title, size, sort) -> None:
    """Each sort is told by the title, or by what the added lines are."""
    assert sort_of(_subject(title), {"size": size, "purpose": {"goal": title}}) == sort


def test_a_program_that_writes_code_is_a_sort_of_its_own() -> None:
    """A bot whose title says nothing of its sort is an agent; one that raises versions is judged by what it brings."""
    size = {"size": {"additions": 9, "production_additions": 9}}
    assert sort_of(_subject("Teach it", bot=True, author="devin-ai-integration[bot]"), size) == "agent"
    assert sort_of(_subject("Teach it", bot=True, author="dependabot[bot]"), size) == ""
