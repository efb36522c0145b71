"""public/health: which part is down, within five seconds."""

import socket
from collections.abc import Iterator

import pytest

from promostack.core import config
from promostack.db import connection
from promostack.db.migrate import schema_version
from tests.stopwatch import Stopwatch


@pytest.fixture
def silent() -> Iterator[str]:
    """A port that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def timed(functions, function: str = "health", **query: str):
    """The answer, which must come within five seconds."""
    config.optional.cache_clear()
    connection.discard()
    watch = Stopwatch()
    answer = functions.get(function, **query)
    assert watch.seconds() < 5
    connection.discard()
    return answer


def test_all_is_well(functions, store) -> None:
    answer = timed(functions)
    assert (answer.status, answer.json) == (
        200,
        {"status": "ok", "schema_version": schema_version(), "checks": {"database": "ok", "storage": "ok"}},
    )


def test_a_storage_that_is_down_is_named(functions, store, silent, monkeypatch) -> None:
    monkeypatch.setenv("SPACES_ENDPOINT", f"http://{silent}")
    answer = timed(functions)
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"] == {"database": "ok", "storage": "down"}


def test_a_database_that_is_down_is_named(functions, store, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://promostack_app@127.0.0.1:9/none")
    answer = timed(functions)
    assert (answer.status, answer.json["status"]) == (503, "down")
    assert answer.json["checks"] == {"database": "down", "storage": "ok"}


def test_the_answer_comes_in_time_when_nothing_answers(functions, store, silent, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://promostack_app@{silent}/none")
    monkeypatch.setenv("SPACES_ENDPOINT", f"http://{silent}")
    answer = timed(functions)
    assert (answer.status, answer.json["checks"]) == (503, {"database": "down", "storage": "down"})


def test_a_schema_behind_the_code_is_named(functions, store, database) -> None:
    database.query("UPDATE schema_migrations SET number = -number")
    answer = timed(functions)
    database.query("UPDATE schema_migrations SET number = -number")
    assert (answer.status, answer.json["checks"]["database"]) == (503, "outdated")


@pytest.mark.parametrize("server", ["silent", "refusing"])
def test_other_functions_say_that_the_database_is_down(functions, demo, silent, server: str, monkeypatch) -> None:
    address = silent if server == "silent" else "127.0.0.1:9"
    monkeypatch.setenv("DATABASE_URL", f"postgresql://promostack_app@{address}/none")
    answer = timed(functions, "templates", tenant=demo)
    assert (answer.status, answer.error) == (503, "database_unavailable")
