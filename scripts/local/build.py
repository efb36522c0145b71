"""Builds functions' zips as the platform would: `build.sh` in a folder of its own, then everything not ignored, zipped.

Under `.local/build/`: `<package>/<function>.zip`, the same unzipped in `<package>/<function>/`, and what makes a second
build quick. A function is rebuilt when a byte of what goes into it changed; the packages of all functions are installed
once, together, and the library is compiled once. Two builds at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pathspec

from scripts.local import project

BUILD = project.ROOT / ".local" / "build"
LAYER = project.ROOT / ".local" / "runtime-layer"
IMAGE_REQUIREMENTS = Path(__file__).with_name("image-requirements.txt")
COMPILE_ONCE = Path(__file__).with_name("compile_once.py")
OWNERS = "owners.json"
SITE_PACKAGES = Path("virtualenv/lib/python3.11/site-packages")
MIB = 1024 * 1024
ZLIB_LEVEL = 1  # what the deployer zips with; a smaller figure of ours would not be what counts there
LIMIT_MIB, LIMIT_OF_SIGNALS_MIB, LIMIT_WITH_RENDERING_MIB = 16, 20, 34
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


# Inode of a file that is linked elsewhere, or digest of a content → (CRC, length, deflated content), within one build.
Deflated = dict[int | bytes, tuple[int, int, bytes]]


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
        if "pillow==" in (self.function.folder / "requirements.txt").read_text():
            return LIMIT_WITH_RENDERING_MIB
        return LIMIT_OF_SIGNALS_MIB if self.function.name.startswith("forex-") else LIMIT_MIB


def base_python() -> str:
    """The interpreter without any environment's packages: what the image's stands for."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def build(functions: Iterable[project.Function] | None = None) -> list[Built]:
    """Build what is out of date; all functions of project.yml unless told. Raises BuildFailed."""
    functions = project.read() if functions is None else list(functions)
    BUILD.mkdir(parents=True, exist_ok=True)
    with _lock():
        ensure_layer()
        deflated: Deflated = {}
        return [_build_one(function, deflated) for function in functions]


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


def _build_one(function: project.Function, deflated: Deflated) -> Built:
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
        files = _zipped_files(stage)
        _zip(stage, files, built.zip, deflated)
        _lay_out(stage, files, built.folder)
    finally:
        shutil.rmtree(BUILD / "stage", ignore_errors=True)
    marker.write_text(key)
    return built


def _lay_out(stage: Path, files: list[Path], folder: Path) -> None:
    """Replace the zip's content in one step: the local platform may be starting a container from it."""
    fresh, old = folder.with_suffix(".unfinished"), folder.with_suffix(".old")
    for each in (fresh, old):
        shutil.rmtree(each, ignore_errors=True)
    for path in files:
        target = fresh / path.relative_to(stage)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, target)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def content_key(function: project.Function) -> str:
    """Changes with every byte that goes into the function, and with how it is built."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + COMPILE_ONCE.read_bytes() + sys.version.encode())
    for path in _files(function.folder):
        digest.update(f"{path.relative_to(function.folder)}\0".encode() + _digest(path))
    return digest.hexdigest()


def _digest(path: Path) -> bytes:
    """SHA-256 of a file of the checkout. The library is in every function, and is read once while it stays the same."""
    status = path.stat()
    version = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    if version not in _DIGESTS:
        _DIGESTS[version] = hashlib.sha256(path.read_bytes()).digest()
    return _DIGESTS[version]


_DIGESTS: dict[tuple[int, ...], bytes] = {}


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


def run_build_script(folder: Path, **variables: str) -> None:
    """Runs the folder's build.sh with the build tools of the platform's image; raises BuildFailed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    environment = {
        **inherited,
        **variables,
        "PATH": f"{_ensure_tools()}:/usr/local/bin:/usr/bin:/bin",
        "VIRTUALENV_OVERRIDE_APP_DATA": str(BUILD / "tools" / "app-data"),
    }
    _run(["./build.sh"], cwd=folder, env=environment)


def lend_packages(folder: Path) -> None:
    """Makes the `virtualenv` of a function's folder as its build.sh would, which goes on from there.

    It is put together from the packages of all functions, which were installed together, once.
    """
    kept = _kept_packages(folder / "build.sh")
    site = folder / SITE_PACKAGES
    site.mkdir(parents=True)
    owners = json.loads((kept / OWNERS).read_text())
    for pin in (folder / "requirements.txt").read_text().split():
        for name in owners[_distribution(pin)]:
            _link(kept / SITE_PACKAGES / name, site / name)
    _link(kept / "virtualenv" / "bin", folder / "virtualenv" / "bin")
    shutil.copy2(folder / "requirements.txt", folder / "virtualenv")


def _kept_packages(script: Path) -> Path:
    """A folder whose `virtualenv` is what build.sh makes of everything that any function pins, without the library."""
    pins = {
        pin for path in (project.ROOT / "packages").glob("*/*/requirements.txt") for pin in path.read_text().split()
    }
    wanted = "\n".join(sorted(pins))
    key = b"\0".join([script.read_bytes(), wanted.encode(), sys.version.encode()])
    kept = BUILD / "packages" / hashlib.sha256(key).hexdigest()[:16]
    if not kept.exists():
        shutil.rmtree(kept.parent, ignore_errors=True)  # those of other pins
        kept.parent.mkdir()
        _install(script, wanted, kept)
    return kept


def _install(script: Path, pins: str, kept: Path) -> None:
    """Has build.sh install, trim and compile the pinned packages, for no function yet."""
    alone = BUILD / "stage" / "alone"
    shutil.rmtree(alone, ignore_errors=True)
    (alone / "promostack").mkdir(parents=True)
    (alone / "records").mkdir()
    shutil.copy2(script, alone)
    (alone / "requirements.txt").write_text(f"{pins}\n")
    run_build_script(alone, PROMOSTACK_RECORDS=str(alone / "records"))
    (alone / SITE_PACKAGES / "promostack").rmdir()
    (alone / "virtualenv" / "requirements.txt").unlink()
    owners = _owners(alone / "records", {path.name for path in (alone / SITE_PACKAGES).iterdir()})
    (alone / OWNERS).write_text(json.dumps(owners, indent=1))
    alone.rename(kept)


def _owners(records: Path, names: set[str]) -> dict[str, list[str]]:
    """Distribution → which of site-packages' files and folders are its own. Raises BuildFailed unless each has one."""
    owners: dict[str, list[str]] = {}
    for record in records.iterdir():
        paths = (line.partition(",")[0].removeprefix("../../") for line in record.read_text().splitlines())
        installed = {path.partition("/")[0] for path in paths}
        installed |= {f"{name}c" for name in installed if name.endswith(".py")}
        owners[_distribution(record.name)] = sorted(installed & names)
    owned = Counter(name for each in owners.values() for name in each)
    if odd := [name for name in names if owned[name] != 1]:
        raise BuildFailed(f"of site-packages these are not of one package: {odd}")
    return owners


def _distribution(text: str) -> str:
    """`PyJWT==2.15.1` and `pyjwt-2.15.1.dist-info` are one."""
    return re.sub("[-_.]+", "-", re.split("==|-[0-9]", text)[0]).lower()


def _link(source: Path, target: Path) -> None:
    """The same file or folder once more, without a copy of its bytes."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    else:
        os.link(source, target)


def _ensure_tools() -> Path:
    """A `bin` with the build tools of the platform's image: python3, pip and its virtualenv.

    In PROMOSTACK_RECORDS, where it is given, pip leaves what each distribution consists of.
    """
    folder = BUILD / "tools" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    keep_records = (
        f'[ -z "$PROMOSTACK_RECORDS" ] || for each in {SITE_PACKAGES}/*.dist-info; do'
        ' cp "$each/RECORD" "$PROMOSTACK_RECORDS/${each##*/}"; done'
    )
    scripts = {
        "python3": f'exec "{base_python()}" -IS "{COMPILE_ONCE}" "{BUILD / "library"}" "{base_python()}" "$@"',
        "pip": f'set -e\n"{sys.executable}" -m pip "$@"\n{keep_records}',
        "virtualenv": f'PYTHONPATH="{LAYER}" exec "{base_python()}" -B -m virtualenv "$@"',
    }
    for name, line in scripts.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    return folder


def _zipped_files(stage: Path) -> list[Path]:
    """What the deployer would zip. `.ignore` is matched on paths from the project's root, as it does."""
    root = BUILD / "stage"
    lines = (stage / ".ignore").read_text().splitlines()
    ignored = pathspec.GitIgnoreSpec.from_lines([*lines, *NEVER_ZIPPED])
    files = sorted(path for path in stage.rglob("*") if path.is_file())
    return [path for path in files if not ignored.match_file(path.relative_to(root))]


def _zip(stage: Path, files: list[Path], target: Path, deflated: Deflated) -> None:
    unfinished = target.with_suffix(".zip.unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(stage).as_posix())
            entry.external_attr = path.stat().st_mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            _add(archive, entry, path, deflated)
    unfinished.rename(target)


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, deflated: Deflated) -> None:
    """Adds a file that was deflated before: `zipfile` itself would do that anew for each of the zips."""
    entry.CRC, entry.file_size, packed = _deflated(path, deflated)
    entry.compress_size, entry.header_offset = len(packed), archive.fp.tell()
    archive.fp.write(entry.FileHeader() + packed)
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
    archive.start_dir = archive.fp.tell()


def _deflated(path: Path, deflated: Deflated) -> tuple[int, int, bytes]:
    status = path.stat()
    is_linked = status.st_nlink > 1
    if is_linked and status.st_ino in deflated:
        return deflated[status.st_ino]
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    if digest not in deflated:
        deflate = zlib.compressobj(ZLIB_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated[digest] = zlib.crc32(content), len(content), deflate.compress(content) + deflate.flush()
    if is_linked:
        deflated[status.st_ino] = deflated[digest]
    return deflated[digest]


def _run(command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
    result = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} in {cwd} failed:\n{result.stdout[-4000:]}")


@contextmanager
def _lock() -> Iterator[None]:
    with (BUILD / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
