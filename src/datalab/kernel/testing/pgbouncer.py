"""A real PgBouncer in transaction mode for tests."""

import os
import shutil
from urllib.parse import urlsplit

import psycopg

from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import NOBODY, ServerMissing, ServerProcess, private_folder

# So few server connections that clients really share them.
SETTINGS = """
[databases]
* = host={host} port={server_port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
"""


def start_pgbouncer(server_url: str) -> tuple[ServerProcess, str]:
    """A PgBouncer before the server and its URL; as root it runs as nobody. Raises :class:`ServerMissing`."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise ServerMissing("no PgBouncer: put pgbouncer on PATH (Debian's package pgbouncer)")
    user = NOBODY if os.geteuid() == 0 else None
    folder, port, server = private_folder("pgbouncer", owner=user), free_port(), urlsplit(server_url)
    settings = folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(host=server.hostname, server_port=server.port, user=server.username, port=port))
    url = server._replace(netloc=f"{server.username}@127.0.0.1:{port}").geturl()
    process = ServerProcess([program, str(settings)], folder, ready=lambda: _answers(url), user=user)
    process.start()
    return process, url


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True
