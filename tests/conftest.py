"""What all tests share: a real Postgres, the running product, a real browser."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

from scripts.local import product

ROOT = Path(__file__).resolve().parent.parent
PAGES, PRODUCT = "the product's pages", "the product"
OWN_WORKSPACES = ("test_bots_page", "test_editor_page", "test_handover", "test_invitations_page", "test_visit")
BEHIND = 5  # niceness
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Database:
    """A migrated database of its own. `app_dsn` works under row-level security, `owner_dsn` sees everything."""

    app_dsn: str
    owner_dsn: str

    def query(self, sql: str, *params: object) -> list[tuple]:
        """Rows as the owner sees them, past row-level security."""
        with (
            contextlib.closing(psycopg2.connect(self.owner_dsn)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    def add_tenant(self, slug: str | None = None, settings: str = "{}") -> str:
        """A new tenant's id."""
        tenant_id = str(uuid4())
        slug = slug or f"t-{tenant_id[:8]}"
        self.query(
            "INSERT INTO tenants (tenant_id, slug, name, settings) VALUES (%s, %s, %s, %s)",
            tenant_id,
            slug,
            slug.title(),
            settings,
        )
        return tenant_id


@dataclass(frozen=True)
class Stack:
    """The running product, started as a newcomer starts it."""

    base: str
    data_dir: Path
    process: subprocess.Popen

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def host(self, name: str) -> str:
        """The base address on another host, e.g. `stack.host("dash")`."""
        return f"http://{name}.localhost:{self.port}"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long texts and files are named by their parameter and a number: pytest would spell out 10 MB of a picture.

    Such a name may also hold a date, and then the processes of a parallel run collect different tests.
    """
    long = isinstance(val, bytes | str) and len(val) > 60
    return argname if long else None


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist's own, which reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files stay whole when the suite runs in several processes; those that use the product share one of two.

    Most pages have a product of their own: with the rest they would take one process longer than all others. Those on
    which everybody acts in a workspace of his own go with the rest.
    Who needs built zips is with the rest: else several processes would wait for one build. Both go first, as the
    longest; the other files fill what is left. Files that talk to the same peer share it.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_uses_product, reverse=True)


def _group(item: pytest.Item) -> str:
    place = item.path.relative_to(ROOT)
    if _uses_product(item):
        return PAGES if place.parts[1] == "web" and place.stem not in OWN_WORKSPACES else PRODUCT
    return "the peer" if "peer" in _fixtures(item) and place.parent.name == "simulators" else str(place)


def _uses_product(item: pytest.Item) -> bool:
    return not {"stack", "built"}.isdisjoint(_fixtures(item))


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


def _give_way(item: pytest.Item) -> None:
    """Tests with the product are the longest chains of a parallel run: what else runs leaves the processor to them."""
    is_parallel = "PYTEST_XDIST_WORKER" in os.environ
    if is_parallel and not _uses_product(item) and os.getpriority(os.PRIO_PROCESS, 0) < BEHIND:
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    _give_way(item)
    with _no_loop_of_the_browser(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _no_loop_of_the_browser(item):
        return (yield)


@contextlib.contextmanager
def _no_loop_of_the_browser(item: pytest.Item) -> Iterator[None]:
    """Between its calls the browser's event loop counts as running; a test without a browser may run one of its own."""
    if "browser" in _fixtures(item):
        yield
        return
    held = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(held)


@pytest.fixture(autouse=True)
def _fresh_configuration() -> Iterator[None]:
    """Variables that a test sets are read anew, and not by the next test."""
    from promostack.core import config

    config.optional.cache_clear()
    yield
    config.optional.cache_clear()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """An embedded server with one migrated database, `template_promostack`, to copy from."""
    from promostack.db.migrate import migrate
    from scripts.local import postgres

    server = postgres.start(tmp_path_factory.mktemp("postgres") / "data", durable=False)
    try:
        _execute(server.dsn(), "CREATE DATABASE template_promostack")
        migrate(server.dsn("template_promostack"))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def database(postgres) -> Iterator[Database]:
    """A fresh migrated database for the test module; DATABASE_URL points at it as the app's role."""
    from promostack.core import config
    from promostack.db import connection

    name = f"test_{uuid4().hex[:12]}"
    _execute(postgres.dsn(), f"CREATE DATABASE {name} TEMPLATE template_promostack STRATEGY file_copy")
    made = Database(app_dsn=postgres.dsn(name, "promostack_app"), owner_dsn=postgres.dsn(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", made.app_dsn)
        patch.setenv("DATABASE_URL_DIRECT", made.owner_dsn)
        connection.discard()
        config.optional.cache_clear()
        yield made
        connection.discard()
    config.optional.cache_clear()
    _execute(postgres.dsn(), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def tenant_id(database: Database) -> str:
    """A tenant of the test's own."""
    return database.add_tenant()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The whole product through `scripts/dev` on a free port, once a session.

    Beside the pages each function has one container while that is enough: what a function keeps in its process, where
    it does not belong, shows in the other product, where it always has two or more.
    At the end every call that it made to Telegram, for whichever test, is one that Telegram would take.
    """
    from tests.contract.telegram_calls import assert_valid

    data_dir = tmp_path_factory.mktemp("stack")
    variables = {"PROMOSTACK_DURABLE": "off"}  # nobody pulls the plug of a test's machine
    if "PYTEST_XDIST_WORKER" in os.environ and _group(request._pyfuncitem) == PAGES:
        variables["PROMOSTACK_CONTAINERS"] = "1"
    process = product.start(data_dir, **variables)
    try:
        yield Stack(base=product.wait_until_ready(process), data_dir=data_dir, process=process)
        assert_valid(json.loads((data_dir / "run.json").read_text())["telegram"])
    finally:
        product.stop(process)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium; a machine without one fails, it does not skip."""
    from playwright.sync_api import sync_playwright

    from tests.parity.site import chromium

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


def _execute(dsn: str, statement: str) -> None:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
