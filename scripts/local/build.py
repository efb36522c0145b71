"""Builds functions' zips as the platform would: `build.sh` in a folder of its own, then everything not ignored, zipped.

Under `.local/build/`: `<package>/<function>.zip`, the same unzipped in `<package>/<function>/`, and what makes a second
build quick. A function is rebuilt when a byte of what goes into it changed; packages are installed once for each
distinct requirements.txt. Two builds at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
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
        tools = _ensure_tools()
        built = [_build_one(function, tools) for function in functions]
        _forget_old_virtualenvs()
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


def _build_one(function: project.Function, tools: Path) -> Built:
    home = BUILD / function.package
    built = Built(function, zip=home / f"{function.name}.zip", folder=home / function.name)
    marker = home / f"{function.name}.key"
    key = content_key(function)
    if built.zip.exists() and built.folder.exists() and marker.exists() and marker.read_text() == key:
        return built
    marker.unlink(missing_ok=True)
    stage = _stage(function)
    try:
        _run_build_script(stage, tools)
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


def _run_build_script(stage: Path, tools: Path) -> None:
    """Run build.sh, lending it a finished `virtualenv` of the same requirements if there is one, else keep the new."""
    kept = _kept_virtualenv(stage)
    if kept.exists():
        shutil.copytree(kept, stage / "virtualenv", copy_function=os.link)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    environment = {
        **inherited,
        "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin",
        "VIRTUALENV_OVERRIDE_APP_DATA": str(BUILD / "tools" / "app-data"),
    }
    _run(["./build.sh"], cwd=stage, env=environment)
    if not kept.exists():
        unfinished = kept.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        own = shutil.ignore_patterns("promostack", "assets")
        shutil.copytree(stage / "virtualenv", unfinished, ignore=own)
        unfinished.rename(kept)


def kept_virtualenv(function: project.Function) -> Path:
    """The function's packages as they were installed, without the library; made by `build`."""
    return _kept_virtualenv(function.folder)


def _kept_virtualenv(folder: Path) -> Path:
    parts = [(folder / name).read_bytes() for name in ("build.sh", "requirements.txt")]
    return BUILD / "virtualenvs" / hashlib.sha256(b"\0".join([*parts, sys.version.encode()])).hexdigest()[:16]


def _forget_old_virtualenvs() -> None:
    current = {kept_virtualenv(function) for function in project.read()}
    for folder in (BUILD / "virtualenvs").iterdir():
        if folder not in current:
            shutil.rmtree(folder, ignore_errors=True)


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
