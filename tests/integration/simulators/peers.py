"""Peers that need other versions than ours live in environments of their own, under .local/peers."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from scripts.local import locks

HERE = Path(__file__).parent
HOME = HERE.parents[2] / ".local" / "peers"


def peer_python(name: str) -> Path:
    """The interpreter of the peer with the lock `name`.txt; its environment is made when the lock changed.

    Several test processes may ask at once; one makes it, the others wait.
    """
    lock = HERE / f"{name}.txt"
    home = HOME / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:8]}"
    python, done = home / "bin" / "python", home / "complete"
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", home], check=True, timeout=120)
            assert locks.install(python, [lock])
            done.touch()
    return python
