"""A real PgBouncer in transaction mode before a PostgreSQL, where the program is installed; gone afterwards."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PORT = 6432
_CONFIG = """
[databases]
* = host={server} user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
{user}
"""
"""Four connections to the server for however many clients: what relies on a session of its own is found out."""


def is_here():
    """Whether the program is installed."""
    return shutil.which("pgbouncer") is not None


@contextlib.contextmanager
def running_pgbouncer(server):
    """Start one before a server of ``running_postgres``; give the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="roast-pb-", dir="/tmp"))  # short: a socket's path holds 107 bytes
    folder.chmod(0o777)
    config = folder / "pgbouncer.ini"
    # It does not run as root; the server's own user reaches the server's socket.
    user = f"user = {server.system_user}" if os.geteuid() == 0 else ""
    where = server.get_postmaster_info().socket_dir
    config.write_text(_CONFIG.format(server=where, folder=folder, port=PORT, user=user))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["pgbouncer", str(config)], stdout=log, stderr=log)
    try:
        _await_socket(folder / f".s.PGSQL.{PORT}", process, folder / "log")
        yield folder
    finally:
        process.kill()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _await_socket(path, process, log):
    until = time.monotonic() + 30
    while True:
        with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
            client.connect(str(path))
            return
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < until, log.read_text(errors="replace")
        time.sleep(0.02)
