"""Builds functions' zips as the platform would: `build.sh` in a folder of its own, then everything not ignored, zipped.

Under `.local/build/`: `<package>/<function>.zip`, the same unzipped in `<package>/<function>/`, and what makes a second
build quick. A function is rebuilt when a byte of what goes into it changed; a package is installed once for all
functions. Two builds at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pathspec

from scripts.local import project

BUILD = project.ROOT / ".local" / "build"
LAYER = project.ROOT / ".local" / "runtime-layer"
IMAGE_REQUIREMENTS = Path(__file__).with_name("image-requirements.txt")
SITE_PACKAGES = Path("virtualenv/lib/python3.11/site-packages")
MIB = 1024 * 1024
ZLIB_LEVEL = 1  # what the deployer zips with; a smaller figure of ours would not be what counts there
LIMIT_MIB, LIMIT_WITH_RENDERING_MIB = 16, 34
# The same wheels as build.sh: the image's glibc is 2.31.
GLIBC_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
# What the deployer leaves out of every zip (its getIgnores and SYSTEM_EXCLUDE_PATTERNS).
NEVER_ZIPPED = (
    ".ignore",
    ".build",
    "build.sh",
    "build.cmd",
    "__deployer__.zip",
    ".gitignore",
    ".DS_Store",
    "**/.git/**",
    "*~",
    "**/*.swp",
    "**/*.swx",
)


class BuildFailed(RuntimeError):
    """build.sh ended with an error; the message holds its output."""


@dataclass(frozen=True)
class Built:
    function: project.Function
    zip: Path
    folder: Path
    """The zip's content, unzipped."""

    @property
    def zip_mib(self) -> float:
        return round(self.zip.stat().st_size / MIB, 2)

    @property
    def limit_mib(self) -> int:
        handles_pictures = "pillow==" in (self.function.folder / "requirements.txt").read_text()
        return LIMIT_WITH_RENDERING_MIB if handles_pictures else LIMIT_MIB


def base_python() -> str:
    """The interpreter without any environment's packages: what the image's stands for."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def build(functions: Iterable[project.Function] | None = None) -> list[Built]:
    """Build what is out of date; all functions of project.yml unless told. Raises BuildFailed."""
    functions = project.read() if functions is None else list(functions)
    BUILD.mkdir(parents=True, exist_ok=True)
    with _lock():
        ensure_layer()
        built = [_build_one(function) for function in functions]
        _forget_old_packages()
        return built


def ensure_layer() -> Path:
    """A folder with exactly the image's packages and, as there, without .pyc files."""
    wanted = IMAGE_REQUIREMENTS.read_text()
    marker = LAYER / "requirements.txt"
    if marker.exists() and marker.read_text() == wanted:
        return LAYER
    shutil.rmtree(LAYER, ignore_errors=True)
    platforms = [f"--platform={name}" for name in GLIBC_PLATFORMS]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", str(LAYER)]
    wheels = ["--python-version=3.11", "--implementation=cp", "--only-binary=:all:", *platforms]
    _run([*install, *wheels, "-r", str(IMAGE_REQUIREMENTS)], cwd=project.ROOT, env=dict(os.environ))
    marker.write_text(wanted)
    return LAYER


def _build_one(function: project.Function) -> Built:
    home = BUILD / function.package
    built = Built(function, zip=home / f"{function.name}.zip", folder=home / function.name)
    marker = home / f"{function.name}.key"
    key = content_key(function)
    if built.zip.exists() and built.folder.exists() and marker.exists() and marker.read_text() == key:
        return built
    marker.unlink(missing_ok=True)
    stage = _stage(function)
    try:
        lend_packages(stage)
        run_build_script(stage)
        home.mkdir(exist_ok=True)
        _zip(stage, built.zip)
    finally:
        shutil.rmtree(BUILD / "stage", ignore_errors=True)
    _unzip(built)
    marker.write_text(key)
    return built


def _unzip(built: Built) -> None:
    """Replace the unzipped folder in one step: the local platform may be starting a container from it."""
    fresh, old = built.folder.with_suffix(".unfinished"), built.folder.with_suffix(".old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(built.zip) as archive:
        archive.extractall(fresh)
    if built.folder.exists():
        built.folder.rename(old)
    fresh.rename(built.folder)
    shutil.rmtree(old, ignore_errors=True)


def content_key(function: project.Function) -> str:
    """Changes with every byte that goes into the function, and with how it is built."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + sys.version.encode())
    for path in _files(function.folder):
        digest.update(f"{path.relative_to(function.folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Every file, directory links followed, sorted; without what a checkout grows by itself."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "virtualenv"))
        yield from (Path(parent, name) for name in sorted(names))


def _stage(function: project.Function) -> Path:
    """A copy of the function's folder at the same place under `stage/`, links resolved: what a remote build sees."""
    shutil.rmtree(BUILD / "stage", ignore_errors=True)
    stage = BUILD / "stage" / "packages" / function.package / function.name
    for path in _files(function.folder):
        target = stage / path.relative_to(function.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return stage


def run_build_script(folder: Path) -> None:
    """Runs the folder's build.sh with the build tools of the platform's image; raises BuildFailed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    environment = {
        **inherited,
        "PATH": f"{_ensure_tools()}:/usr/local/bin:/usr/bin:/bin",
        "VIRTUALENV_OVERRIDE_APP_DATA": str(BUILD / "tools" / "app-data"),
    }
    _run(["./build.sh"], cwd=folder, env=environment)


def lend_packages(folder: Path) -> None:
    """Makes the `virtualenv` of a function's folder as its build.sh would, which goes on from there.

    It is put together from packages that were installed once for all functions.
    """
    for pins in _installed_at_once(folder):
        kept = _kept_packages(folder, pins)
        if not kept.exists():
            _install(folder / "build.sh", pins, kept)
        shutil.copytree(kept, folder / "virtualenv", copy_function=_link, dirs_exist_ok=True)
    shutil.copy2(folder / "requirements.txt", folder / "virtualenv")


def _installed_at_once(folder: Path) -> list[str]:
    """The pins of a function's folder in groups: what the same functions pin is installed together, once for them all.

    So boto3 comes with botocore, whose data build.sh trims together.
    """
    users: defaultdict[str, list[Path]] = defaultdict(list)
    for requirements in (project.ROOT / "packages").glob("*/*/requirements.txt"):
        for pin in requirements.read_text().split():
            users[pin].append(requirements)
    groups: defaultdict[tuple[Path, ...], list[str]] = defaultdict(list)
    for pin in (folder / "requirements.txt").read_text().split():
        groups[tuple(users[pin])].append(pin)
    return ["\n".join(sorted(pins)) for pins in groups.values()]


def _kept_packages(folder: Path, pins: str) -> Path:
    key = b"\0".join([(folder / "build.sh").read_bytes(), pins.encode(), sys.version.encode()])
    return BUILD / "packages" / hashlib.sha256(key).hexdigest()[:16]


def _install(script: Path, pins: str, kept: Path) -> None:
    """Has build.sh install, trim and compile the pinned packages, for no function yet."""
    alone = BUILD / "stage" / "alone"
    shutil.rmtree(alone, ignore_errors=True)
    (alone / "promostack").mkdir(parents=True)
    shutil.copy2(script, alone)
    (alone / "requirements.txt").write_text(f"{pins}\n")
    run_build_script(alone)
    (alone / SITE_PACKAGES / "promostack").rmdir()
    (alone / "virtualenv" / "requirements.txt").unlink()
    kept.parent.mkdir(exist_ok=True)
    (alone / "virtualenv").rename(kept)
    shutil.rmtree(alone)


def _link(source: str, target: str) -> None:
    if not os.path.exists(target):  # each brings bin/activate_this.py
        os.link(source, target)


def _forget_old_packages() -> None:
    folders = [function.folder for function in project.read()]
    current = {_kept_packages(folder, pins) for folder in folders for pins in _installed_at_once(folder)}
    for kept in (BUILD / "packages").iterdir():
        if kept not in current:
            shutil.rmtree(kept, ignore_errors=True)


def _ensure_tools() -> Path:
    """A `bin` with the build tools of the platform's image: python3, pip and its virtualenv."""
    folder = BUILD / "tools" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {
        "python3": f'exec "{base_python()}" "$@"',
        "pip": f'exec "{sys.executable}" -m pip "$@"',
        "virtualenv": f'PYTHONPATH="{LAYER}" exec "{base_python()}" -B -m virtualenv "$@"',
    }
    for name, line in scripts.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    return folder


def _zip(stage: Path, target: Path) -> None:
    """Zip what the deployer would. `.ignore` is matched on paths from the project's root, as it does."""
    root = BUILD / "stage"
    lines = (stage / ".ignore").read_text().splitlines()
    ignored = pathspec.GitIgnoreSpec.from_lines([*lines, *NEVER_ZIPPED])
    unfinished = target.with_suffix(".zip.unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in stage.rglob("*") if path.is_file()):
            if ignored.match_file(path.relative_to(root)):
                continue
            entry = zipfile.ZipInfo(path.relative_to(stage).as_posix())
            entry.external_attr = path.stat().st_mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=ZLIB_LEVEL)
    unfinished.rename(target)


def _run(command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
    result = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} in {cwd} failed:\n{result.stdout[-4000:]}")


@contextmanager
def _lock() -> Iterator[None]:
    with (BUILD / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
