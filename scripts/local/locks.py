"""Makes or updates `.venv` from lock files, only when one of them changed. Standard library only: it runs first.

Usage: python3.11 scripts/local/locks.py LOCK...
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def ensure(locks: list[Path]) -> None:
    """Installs the locks into `.venv`; says which system package is missing when Python cannot make one."""
    if sys.version_info[:2] != (3, 11):
        sys.exit(f"PromoStack needs Python 3.11, this is {sys.version.split()[0]}: apt-get install python3.11")
    if not PYTHON.exists():
        _create()
    for lock in locks:
        _install(lock)


def _create() -> None:
    try:
        import ensurepip  # noqa: F401  # Debian ships it in a package of its own
    except ImportError:
        sys.exit("Python's venv module is incomplete: apt-get install python3.11-venv")
    print("setting up .venv …", flush=True)
    venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def _install(lock: Path) -> None:
    """Installs one lock unless it was installed in this very form before."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    mark = VENV / f"installed-{lock.resolve().relative_to(ROOT).as_posix().replace('/', '-')}"
    if mark.exists() and mark.read_text() == digest:
        return
    print(f"installing {lock} …", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", lock]
    if subprocess.run(command).returncode:
        sys.exit(f"could not install {lock}; see the lines above")
    mark.write_text(digest)


if __name__ == "__main__":
    ensure([Path(name) for name in sys.argv[1:]])
