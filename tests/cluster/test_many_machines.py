"""Real processes over a real PostgreSQL, killed with -9, cut off from their database, crowded: one answer each.

The same at size, as a benchmark: ``tests/benchmarks/cluster.py``.
"""

import asyncio

import pytest
from benchmarks.cluster import one_among, through_an_outage
from fakes.town import questions

pytestmark = pytest.mark.timeout(900)


def test_killed_again_and_again(town):
    """Whatever process is killed with -9 and whenever, every question gets one card in the end, and none gets two"""
    here = town(1, 2)

    async def run():
        await here.ready()
        return await here.ask(questions(10, 4), kills=2, patience=120)

    report = asyncio.run(run())
    assert report.wrong == {}, report.told()
    assert len(report.waits) == 40
    assert report.kills >= 4


def test_database_away(town, server):
    """While its database is gone the bot says that it is busy; what it took before or after is answered, by one card"""
    here = town(1, 1)
    report, busy = asyncio.run(through_an_outage(here, server, 6, 5, 4.0))
    assert report.wrong == {}, report.told()
    assert len(report.waits) + busy == 30
    assert len(report.waits) >= 10  # at least all who asked when it was back
    assert busy >= 1


def test_noisy_neighbour(town):
    """One who asks for forty does not delay another's single one by more than what runs when it is asked"""
    here = town(1, 1)
    for between, _ in asyncio.run(one_among(here, 40)):
        assert between <= 4  # two ran, and two more were taken by the time that their ends were seen
