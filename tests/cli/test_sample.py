"""The sample: whole, consistent, sinful, and marked as a sample."""

import asyncio

import pytest

from bot import trial
from bot.diff import parse_patch
from bot.reread import reread
from bot.sample import TARGET, SampleSource

RECORDING = SampleSource().recording


@pytest.fixture(scope="module")
def case():
    """The sample as the trial gathers it."""
    return asyncio.run(trial.gather(TARGET, SampleSource()))


def test_it_is_marked():
    """The recording says that it is a sample"""
    assert "sample" in RECORDING.about.lower()


def test_nobody_real_is_linked():
    """Every address in it is on the domain that is kept free for examples (RFC 2606)"""
    text = RECORDING.model_dump_json()
    assert text.count("https://") == text.count("https://example.com/")


def test_figures_add_up():
    """The figures of the pull request are those of its files and commits"""
    pull = RECORDING.pull_request
    assert pull.additions == sum(file.additions for file in pull.files)
    assert pull.deletions == sum(file.deletions for file in pull.files)
    assert (pull.changed_files, pull.commit_count) == (len(pull.files), len(pull.commits))


def test_patches_agree_with_the_files():
    """Each added line of the diff stands in the file at the head, where the diff says"""
    for file in RECORDING.pull_request.files:
        lines = RECORDING.head_files[file.path].split("\n")
        diff = parse_patch(file)
        assert not diff.truncated
        assert len(diff.added) == file.additions
        for line in diff.added:
            assert line.new is not None
            assert lines[line.new - 1] == line.text


def test_it_is_full_of_sins(case):
    """Many kinds of offence are found in it, and credits too, each with receipts that hold"""
    exhibits = trial.examine(case)
    charges = {item.kind for item in exhibits if item.is_charge}
    assert len(charges) >= 12
    assert charges >= {
        "bare_assert",
        "placebo_patch",
        "sequel_fix",
        "bot_caught",
        "repeated_read",
        "tug_of_war",
        "scope_cut",
    }
    assert sum(item.is_credit for item in exhibits) >= 2
    for item in exhibits:
        assert all(reread(case, receipt) for receipt in item.receipts), item.kind


def test_it_reads_only_itself():
    """The source knows its own target and no other"""
    from bot.target import GitHubTarget

    source = SampleSource()
    assert source.reads(TARGET)
    assert not source.reads(GitHubTarget("o", "r", 1))
