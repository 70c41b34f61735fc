"""A real PostgreSQL for the contracts that want one."""

import pytest


@pytest.fixture(scope="session")
def queue_server(postgres):
    """The session's server with an empty, prepared database to copy."""
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    from queue_rig import make_template

    make_template(postgres)
    return postgres
