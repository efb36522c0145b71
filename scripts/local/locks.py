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
INSTALLER = VENV / "bin" / "uv"
INSTALLER_LOCK = Path(__file__).with_name("installer-requirements.txt")


def ensure(locks: list[Path]) -> None:
    """Installs the locks into `.venv`; says which system package is missing when Python cannot make one."""
    if sys.version_info[:2] != (3, 11):
        sys.exit(f"PromoStack needs Python 3.11, this is {sys.version.split()[0]}: apt-get install python3.11")
    if not PYTHON.exists():
        _create()
    changed = [lock for lock in locks if not _is_installed(lock)]
    if not changed:
        return
    names = ", ".join(str(lock) for lock in changed)
    print(f"installing {names} …", flush=True)
    if not install(PYTHON, changed):
        sys.exit(f"could not install {names}; see the lines above")
    for lock in changed:
        _mark(lock).write_text(_digest(lock))


def install(python: Path, locks: list[Path]) -> bool:
    """Installs locks, together, into the environment of that interpreter; False when that failed.

    With uv, which takes a sixth of pip's time. Where it cannot be had, or does not come through, as behind an index
    that only pip's own configuration names, pip does it.
    """
    wanted = [f"--requirement={lock}" for lock in locks]
    with_uv = [INSTALLER, "pip", "install", "--quiet", "--python", python, *wanted]
    if _has_installer() and subprocess.run(with_uv).returncode == 0:
        return True
    print("taking pip …", flush=True)
    # What is never imported need not be compiled.
    return subprocess.run([*_pip(python), "--no-compile", *wanted]).returncode == 0


def _has_installer() -> bool:
    if not _is_installed(INSTALLER_LOCK):
        if subprocess.run([*_pip(PYTHON), f"--requirement={INSTALLER_LOCK}"]).returncode:
            return False
        _mark(INSTALLER_LOCK).write_text(_digest(INSTALLER_LOCK))
    return True


def _pip(python: Path) -> list[str | Path]:
    return [PYTHON, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "--quiet"]


def _create() -> None:
    try:
        import ensurepip  # noqa: F401  # Debian ships it in a package of its own
    except ImportError:
        sys.exit("Python's venv module is incomplete: apt-get install python3.11-venv")
    print("setting up .venv …", flush=True)
    venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def _is_installed(lock: Path) -> bool:
    """In this very form, and before."""
    mark = _mark(lock)
    return mark.exists() and mark.read_text() == _digest(lock)


def _mark(lock: Path) -> Path:
    return VENV / f"installed-{lock.resolve().relative_to(ROOT).as_posix().replace('/', '-')}"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    ensure([Path(name) for name in sys.argv[1:]])
