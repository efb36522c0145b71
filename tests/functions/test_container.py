"""The container behaves as the platform's does, awkward sides included."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from scripts.local.container import (
    Container,
    ContainerDied,
    ContainerError,
    DeadlineExceeded,
    Folder,
    InitFailed,
    MemoryExceeded,
    Zip,
)

ROOT = Path(__file__).resolve().parents[2]
Source = Callable[[str], Folder]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A function's folder made of this `__main__.py`."""

    def write(code: str) -> Folder:
        (tmp_path / "__main__.py").write_text(textwrap.dedent(code))
        return Folder(tmp_path)

    return write


def in_s(seconds: float) -> int:
    return int((time.time() + seconds) * 1000)


def run(scenario: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(scenario)


async def call_once(source: Folder | Zip, event: Any = None, **options: Any) -> Any:
    container = await Container.start("demo/probe", source=source, env={}, **options)
    try:
        return await container.call(event or {}, deadline_ms=in_s(60))
    finally:
        await container.kill()


def test_handler_gets_event_and_context(source: Source) -> None:
    code = """
        def main(event, context):
            return {"event": event, "name": context.function_name, "id": context.activation_id, "module": __name__,
                    "left": context.get_remaining_time_in_millis(), "deadline": context.deadline}
    """
    answer = run(call_once(source(code), {"a": "é"}))
    assert answer["event"] == {"a": "é"}
    assert answer["name"].endswith("/demo/probe")
    assert answer["module"] == "main__"
    assert len(answer["id"]) == 32
    assert 0 < answer["left"] <= 60_000
    assert abs(answer["deadline"] - in_s(60)) < 30_000


def test_globals_live_as_long_as_the_container(source: Source) -> None:
    folder = source("calls = []\ndef main(event):\n    calls.append(1)\n    return {'calls': len(calls)}")

    async def scenario() -> list[int]:
        container = await Container.start("demo/probe", source=folder, env={})
        try:
            return [(await container.call({}, deadline_ms=in_s(60)))["calls"] for _ in range(3)]
        finally:
            await container.kill()

    assert run(scenario()) == [1, 2, 3]


def test_exception_leaks_its_text(source: Source) -> None:
    assert run(call_once(source("def main(event, context): raise ValueError('the password')"))) == {
        "error": "the password"
    }


@pytest.mark.parametrize(
    "body",
    [
        "import decimal; return {'x': decimal.Decimal(1)}",
        "import datetime; return {'x': datetime.datetime.now()}",
        "return {'x': b'bytes'}",
        "import sys; sys.exit(0)",
        "import os; os._exit(1)",
    ],
)
def test_result_that_is_not_json_kills_the_process(source: Source, body: str) -> None:
    with pytest.raises(ContainerDied):
        run(call_once(source(f"def main(event, context):\n    {body}")))


def test_coroutine_function_kills_the_process(source: Source) -> None:
    with pytest.raises(ContainerDied):
        run(call_once(source("async def main(event, context): return {}")))


def test_wrapper_with_star_arguments_gets_none(source: Source) -> None:
    code = """
        import functools
        def wrap(f):
            @functools.wraps(f)
            def inner(*args, **kwargs): return {"args": len(args), "kwargs": len(kwargs)}
            return inner
        @wrap
        def main(event, context): ...
    """
    assert run(call_once(source(code))) == {"args": 0, "kwargs": 0}


def test_result_must_be_a_dictionary(source: Source) -> None:
    assert "did not return a dictionary" in run(call_once(source("def main(event, context): return 'text'")))["error"]


def test_code_that_cannot_be_imported_fails_to_start(source: Source) -> None:
    with pytest.raises(InitFailed, match="no_such_module"):
        run(call_once(source("import no_such_module\ndef main(event, context): return {}")))


def test_deadline_ends_the_call_and_the_process(source: Source) -> None:
    folder = source("import time\ndef main(event, context): time.sleep(30)")

    async def scenario() -> bool:
        container = await Container.start("demo/probe", source=folder, env={})
        with pytest.raises(DeadlineExceeded):
            await container.call({}, deadline_ms=in_s(0.3))
        return container.alive

    assert run(scenario()) is False


def test_memory_limit_ends_the_call(source: Source) -> None:
    code = "import time\ndef main(event, context):\n    hold = b'x' * 150_000_000\n    time.sleep(10)"
    with pytest.raises(MemoryExceeded):
        run(call_once(source(code), memory_mb=128))


def test_kill_from_outside_is_told(source: Source) -> None:
    folder = source("import time\ndef main(event, context): time.sleep(30)")

    async def scenario() -> None:
        container = await Container.start("demo/probe", source=folder, env={})
        calling = asyncio.create_task(container.call({}, deadline_ms=in_s(60)))
        await asyncio.sleep(0.05)
        os.kill(container.pid, signal.SIGKILL)
        await calling

    with pytest.raises(ContainerDied):
        run(scenario())


def test_environment_is_only_what_was_given(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    folder = source("import os\ndef main(event, context): return dict(os.environ)")

    async def scenario() -> dict[str, str]:
        container = await Container.start("demo/probe", source=folder, env={"GIVEN": "1"})
        try:
            return await container.call({}, deadline_ms=in_s(60))
        finally:
            await container.kill()

    seen = run(scenario())
    assert seen["GIVEN"] == "1"
    assert "SECRET_OF_THE_HOST" not in seen


def test_log_lines_arrive_before_the_answer(source: Source) -> None:
    folder = source(
        "import sys\ndef main(event, context):\n    print('out')\n    print('err', file=sys.stderr)\n    return {}"
    )
    lines: list[str] = []
    run(call_once(folder, on_log=lines.append))
    assert sorted(lines) == ["err", "out"]


def test_log_stops_at_its_limit(source: Source) -> None:
    folder = source("def main(event, context):\n    for _ in range(5000): print('x' * 99)\n    return {}")
    lines: list[str] = []
    run(call_once(folder, on_log=lines.append))
    assert sum(len(line) + 1 for line in lines) <= 256 * 1024 + 100


def test_zip_runs_in_an_empty_folder_that_goes_with_it(source: Source, tmp_path: Path) -> None:
    source("import os\ndef main(event, context): return {'folder': os.getcwd(), 'files': sorted(os.listdir('.'))}")
    packed = tmp_path / "code.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(tmp_path / "__main__.py", "__main__.py")
    answer = run(call_once(Zip(packed)))
    assert set(answer["files"]) - {"__pycache__"} == {"__main__.py"}
    assert not Path(answer["folder"]).exists()


def test_answer_of_a_megabyte_passes(source: Source) -> None:
    folder = source("def main(event, context): return {'n': len(event['x']), 'x': event['x']}")
    answer = run(call_once(folder, {"x": "ü" * 500_000}))
    assert answer["n"] == len(answer["x"]) == 500_000


def test_containers_die_with_their_host(source: Source, tmp_path: Path) -> None:
    folder = source("import time\ndef main(event, context): time.sleep(60)")
    host = f"""
import asyncio, sys, time
from pathlib import Path
from scripts.local.container import Container, Folder
async def scenario():
    container = await Container.start("demo/probe", source=Folder(Path({str(folder.path)!r})), env={{}})
    print(container.pid, flush=True)
    await container.call({{}}, deadline_ms=int(time.time() + 60) * 1000)
asyncio.run(scenario())
"""
    process = subprocess.Popen([sys.executable, "-c", host], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "the container outlived its host"
        time.sleep(0.02)


def test_failures_share_one_class() -> None:
    assert all(issubclass(kind, ContainerError) for kind in (InitFailed, ContainerDied, DeadlineExceeded))
