"""``PATH@base..head``: a range of commits as a pull request without a number."""

import pytest

from bot.errors import RepositoryError


@pytest.fixture
def topic(build):
    """Branch ``feature/add-b_file`` with two commits beside a main that went on."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("feature/add-b_file")
    repo.commit("One\n\nWhy.", {"b.txt": "1\n"})
    repo.commit("Two", {"b.txt": "2\n"})
    repo.go("main")
    repo.commit("Meanwhile", {"a.txt": "2\n"})
    return repo


async def test_branch_name_is_the_title(topic, source):
    """A range of several commits is called after its branch, made readable."""
    pull, coverage = await source.pull_request(topic.target(base="main", head="feature/add-b_file"))
    assert (pull.number, pull.title, pull.slug) == (0, "Add b file", "project")
    assert [file.path for file in pull.files] == ["b.txt"]
    assert (pull.base_ref, pull.head_ref, pull.state, pull.merged) == ("main", "feature/add-b_file", "open", False)
    assert not coverage.follow_ups_known
    assert await source.follow_ups(pull) == ()


async def test_single_commit_is_the_title(topic, source):
    """A range of one commit takes its words from that commit."""
    pull, _ = await source.pull_request(topic.target(base="main", head="feature/add-b_file~1"))
    assert (pull.title, pull.body) == ("One", "Why.")


async def test_commits_on_main(topic, source):
    """A range of main is not called "Main"."""
    topic.commit("More", {"a.txt": "3\n"})
    pull, _ = await source.pull_request(topic.target(base="HEAD~2", head="main"))
    assert pull.title == "2 commits on main"


async def test_remote_branch_without_its_remote(topic, source):
    """A branch that only ``origin`` has is found by its own name."""
    topic.git("update-ref", "refs/remotes/origin/theirs", "feature/add-b_file")
    pull, _ = await source.pull_request(topic.target(base="main", head="theirs"))
    assert pull.commit_count == 2


@pytest.mark.parametrize(
    ("base", "head", "words"),
    [
        ("main", "nowhere", "“nowhere” names no branch, tag or commit"),
        ("--output=x", "main", "“--output=x” names no branch"),
        ("main", "-x", "“-x” names no branch"),
        ("main", "main", "is empty: both are the same commit"),
        ("feature/add-b_file", "feature/add-b_file~1", "Did you mean feature/add-b_file~1..feature/add-b_file?"),
        ("0123456789abcdef", "main", "git fetch origin 0123456789abcdef"),
        ("main", "a\0b", "names no branch"),
        ("main", "\x1b[31mred", "“[31mred” names no branch"),
    ],
)
async def test_wrong_words(topic, source, base, head, words):
    """Every wrong range ends in a sentence that names what is wrong or what to do, and writes no file."""
    before = sorted(topic.path.iterdir())
    with pytest.raises(RepositoryError) as caught:
        await source.pull_request(topic.target(base=base, head=head))
    assert words in str(caught.value)
    assert caught.value.next_step
    assert sorted(topic.path.iterdir()) == before


async def test_unrelated_histories(topic, source):
    """Two histories without a common ancestor cannot be compared, and are said to be so."""
    topic.git("checkout", "-q", "--orphan", "island")
    topic.commit("Alone", {"c.txt": "1\n"})
    with pytest.raises(RepositoryError, match="no common ancestor"):
        await source.pull_request(topic.target(base="main", head="island"))
