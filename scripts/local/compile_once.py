"""The build tools' `python3`. All functions bundle the same library: it is compiled for one and linked for the others.

Usage: compile_once.py KEPT INTERPRETER ARGUMENT...        KEPT: a folder for what was compiled before
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

LIBRARY = "promostack"
KEPT_S = 86_400


def main(kept: Path, command: list[str]) -> None:
    """Runs the interpreter; where a library was compiled before, in the same way, that takes its place instead."""
    library = Path(command[-1])
    if command[1:3] != ["-m", "compileall"] or library.name != LIBRARY:
        os.execv(command[0], command)
    compiled = kept / _digest(library, command[:-1])
    if not compiled.exists():
        if status := os.spawnv(os.P_WAIT, command[0], command):
            sys.exit(status)
        _keep(library, compiled)
    shutil.rmtree(library)
    shutil.copytree(compiled, library, copy_function=os.link)


def _digest(library: Path, command: list[str]) -> str:
    """Changes with the interpreter, with what it is told, and with each name and byte of the library."""
    digest = hashlib.sha256("\0".join([sys.version, *command]).encode())
    for path in sorted(path for path in library.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(library)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _keep(library: Path, compiled: Path) -> None:
    """In one step: two builds may run at a time. What nobody can be linking any more goes."""
    compiled.parent.mkdir(parents=True, exist_ok=True)
    for other in compiled.parent.iterdir():
        if time.time() - other.stat().st_ctime > KEPT_S:
            shutil.rmtree(other, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(dir=compiled.parent)) / LIBRARY
    shutil.copytree(library, draft)
    with contextlib.suppress(OSError):  # another build was quicker
        draft.rename(compiled)
    shutil.rmtree(draft.parent)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
