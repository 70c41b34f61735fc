"""A repository's own wishes: asked for again once they may have changed, and not before."""

import pytest

from bot.errors import UnavailableError
from bot.repository_rules import FILE_NAME, RulesReader


async def test_asked_again_after_a_minute():
    """One roast asks several times and the repository once; what it says a minute later counts"""
    said, asked, now = ["hottest = 'mild'"], [], [0.0]

    async def file_of(repository, name):
        asked.append((repository, name))
        return said[0]

    read = RulesReader(file_of, lambda: now[0])
    first = [await read("acme/soup"), await read("Acme/Soup")]
    assert [rules.hottest.value for rules in first] == ["mild", "mild"]
    said[0] = "roast = false"
    now[0] = 59.0
    assert (await read("acme/soup")).roast
    now[0] = 61.0
    assert not (await read("acme/soup")).roast
    assert asked == [("acme/soup", FILE_NAME)] * 2
    assert not (await read("acme/stew")).roast


async def test_a_fault_is_not_kept():
    """Where a repository cannot be asked that is told each time, until it can"""
    faults = [UnavailableError("Away.", "Later.")]

    async def file_of(*_):
        if faults:
            raise faults.pop()

    read = RulesReader(file_of)
    with pytest.raises(UnavailableError):
        await read("acme/soup")
    assert (await read("acme/soup")).roast
