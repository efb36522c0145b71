"""Each zip answers alone: its own requirements, the image's packages, the base interpreter, a real Postgres."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from scripts.local import build, measuring, project
from scripts.local.runtime import Emulator, body_of
from tests.sampling import every

FUNCTIONS = project.read()
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.path)


def holds(actual: Any, expected: Any) -> bool:
    """Everything that was recorded is there; there may be more."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and holds(actual[key], value) for key, value in expected.items()
        )
    return actual == expected


@pytest.mark.parametrize(
    ("function", "way"),
    [*product(FUNCTIONS[1::3], ["unzipped"]), *every(8, product(FUNCTIONS, ["zip"]))],
    ids=lambda value: getattr(value, "path", value),
)
def test_recorded_events_get_their_answers(
    function: project.Function,
    way: str,
    built: dict[str, build.Built],
    values: dict[str, str],
    placeholders: dict[str, str],
) -> None:
    """The accepted one after the refused one, in one container unless they ask for other variables.

    It is made of what was unzipped before, and of some zips, in the proofs of all, as it unpacks them itself: that
    shows more and takes longer.
    """
    is_unzipped = way == "unzipped"
    records = [measuring.recorded(function, outcome, placeholders) for outcome in ("refused", "accepted")]
    for env, group in itertools.groupby(records, key=lambda recorded: recorded.get("env", {})):
        events = list(group)
        variables = {**function.resolved(values), **env}
        results, log = asyncio.run(answers_of(built[function.path], variables, events, is_unzipped))
        for recorded, result in zip(events, results, strict=True):
            answer = json.loads(body_of(result)) if function.web else result
            assert result.get("statusCode") == recorded["answer"].get("status"), (answer, log)
            assert holds(answer, recorded["answer"]["json"]), (answer, log)


async def answers_of(
    item: build.Built, env: dict[str, str], events: list[dict[str, Any]], is_unzipped: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    async with Emulator(item, env, unzipped=is_unzipped) as emulator:
        return [await emulator.call(recorded["event"]) for recorded in events], emulator.log


def test_each_function_has_its_recorded_events() -> None:
    expected = {f"{f.package}.{f.name}.{outcome}.json" for f in FUNCTIONS for outcome in ("accepted", "refused")}
    assert {path.name for path in measuring.EVENTS.iterdir()} == expected


@each_function
def test_zip_keeps_within_its_limit(function: project.Function, built: dict[str, build.Built]) -> None:
    item = built[function.path]
    assert item.zip_mib <= item.limit_mib


@each_function
def test_zip_holds_the_compiled_library_and_nothing_to_spare(
    function: project.Function, built: dict[str, build.Built]
) -> None:
    archive, folder = zipfile.ZipFile(built[function.path].zip), built[function.path].folder
    names = archive.namelist()
    unzipped = {
        path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()
    }
    assert {entry.filename: entry.file_size for entry in archive.infolist()} == unzipped
    site = build.SITE_PACKAGES.as_posix()
    assert "__main__.py" in names
    assert "virtualenv/bin/activate_this.py" in names
    assert f"{site}/promostack/__init__.pyc" in names
    assert f"{site}/promostack/__init__.py" not in names, "the source would be half a MiB of each zip"
    spare = re.compile(
        r"(^|/)(tests?|\.git|build\.sh|\.ignore|requirements\.txt|seed)(/|$)|\.dist-info/|^promostack/|^assets/"
    )
    assert [name for name in names if spare.search(name)] == []
    # Plug-ins are found by their files, in a folder beside the entry point.
    places = ("virtualenv/", "strategies/") if (function.folder / "strategies").is_symlink() else ("virtualenv/",)
    outside_virtualenv = [name for name in names if not name.startswith(places)]
    assert outside_virtualenv == ["__main__.py"]


def test_compiled_files_are_never_checked_against_sources(built: dict[str, build.Built]) -> None:
    flags = {content[4:8] for name, content in contents(built, ".pyc")}
    assert flags == {b"\x01\0\0\0"}, "PEP 552: hash-based, unchecked"


def test_native_code_loads_on_the_images_glibc(built: dict[str, build.Built]) -> None:
    for name, content in contents(built, ".so"):
        needs = {int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", content)}
        assert max(needs, default=0) <= 31, name


def contents(built: dict[str, build.Built], ending: str) -> Iterator[tuple[str, bytes]]:
    """The files of all zips with that in their name; one that several zips hold comes once."""
    seen = set()
    for item in built.values():
        with zipfile.ZipFile(item.zip) as archive:
            for entry in archive.infolist():
                same = entry.filename, entry.CRC, entry.file_size
                if ending in entry.filename and same not in seen:
                    seen.add(same)
                    yield entry.filename, archive.read(entry)


def test_second_build_makes_nothing_new(built: dict[str, build.Built]) -> None:
    def stamps() -> list[int]:
        return [item.zip.stat().st_mtime_ns for item in build.build()]

    keys = [build.content_key(function) for function in FUNCTIONS]
    first, second = stamps(), stamps()
    edited_meanwhile = keys != [build.content_key(function) for function in FUNCTIONS]
    assert first == second or edited_meanwhile


def test_emulator_cannot_see_the_checkout_or_the_environment(
    built: dict[str, build.Built], values: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy"
    spy.mkdir()
    (spy / "__main__.py").write_text(
        "import os, sys\n"
        "def main(event, context):\n"
        "    found = {}\n"
        "    for name in ('pytest', 'aiohttp', 'scripts', 'promostack', 'yaml', 'boto3', 'numpy'):\n"
        "        try: found[name] = __import__(name).__file__\n"
        "        except ImportError: found[name] = None\n"
        "    return {'found': found, 'path': sys.path, 'env': sorted(os.environ)}\n"
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://must.not.be.seen/")
    function = FUNCTIONS[0]
    item = build.Built(function, zip=built[function.path].zip, folder=spy)

    async def run() -> dict[str, Any]:
        async with Emulator(item, {"ONLY": "this"}, unzipped=True) as emulator:
            return await emulator.call({})

    seen = asyncio.run(run())
    absent = {name for name, place in seen["found"].items() if place is None}
    assert absent == {"pytest", "aiohttp", "scripts", "promostack", "yaml"}
    assert seen["found"]["boto3"].startswith(str(build.LAYER))
    assert not [path for path in seen["path"] if path == str(project.ROOT) or ".venv" in path]
    assert {name for name in seen["env"] if not name.startswith("__OW_")} == {"ONLY", "PATH", "LANG", "HOME"}
