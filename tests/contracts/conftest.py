"""A real PostgreSQL for the contracts that want one."""

import pytest
from fakes import pgbouncer


@pytest.fixture(scope="session")
def queue_server(postgres):
    """The session's server with an empty, prepared database to copy."""
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    from queue_rig import make_template

    make_template(postgres)
    return postgres


@pytest.fixture(scope="session")
def bouncer(queue_server):
    """PgBouncer in transaction mode before that server: the folder of its socket."""
    if not pgbouncer.is_here():
        pytest.skip("pgbouncer is not installed")
    with pgbouncer.running_pgbouncer(queue_server) as folder:
        yield folder
