"""Fixtures that every floor shares: settings, a house on a fresh store, the application, its client.

The program is imported inside the fixtures, so that tests of one room need only that room.
"""

import gc
import os
import shutil
import signal
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from greetings.settings import CHECKOUT, Settings, load_settings
from tests.once import compile_once, do_not_sync, hurry, lent

if TYPE_CHECKING:
    from greetings.actions.models import Action
    from greetings.house import House
    from greetings.imaging import PictureReader
    from tests.pages import PageClient
    from tests.servers import PostgresqlServer

hypothesis_settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,  # it blames the test where the machine has other work
    ],
    max_examples=60,
)
hypothesis_settings.load_profile("house")


compile_once()


def pytest_configure() -> None:
    """Whoever is told to go tidies up as after Ctrl+C: Python would go at once, and leave its servers behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported now stays to the end: the collector need not walk through it again and again. What tests
    leave behind it may gather in larger heaps than it would by itself.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


class TestClock:
    """A clock that stands where a test puts it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 18, 14, 27, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def must_not_skip(reason: str) -> None:
    """Skip aloud on a machine that lacks something; under CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI skips nothing)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of awkward and hostile files; data only, never run."""
    folder = Path(os.environ.get("GREETINGS_TEST_CORPUS", CHECKOUT.parent / "shared" / "corpus"))
    if not folder.is_dir():
        must_not_skip("The corpus is not there: set GREETINGS_TEST_CORPUS.")
    return folder


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"GREETINGS_DATA": str(tmp_path / "data"), "GREETINGS_RATE_LIMITS": "off"})


@pytest.fixture(scope="session")
def migrated_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly migrated SQLite file, made once and copied for each test."""
    from greetings.house import open_house
    from greetings.operations.schema import migrate

    folder = tmp_path_factory.mktemp("migrated")
    parts = open_house(load_settings({"GREETINGS_DATA": str(folder)}))
    migrate(parts.database)
    parts.close()
    return folder / "greetings.sqlite"


@pytest.fixture(scope="session")
def pictures() -> Iterator["PictureReader"]:
    """One reader for all houses: its process is warm after the first picture, and holds nothing of any. It has
    patience, for a busy machine.
    """
    from greetings.imaging import PictureReader, ReaderLimits

    children = load_settings({}).decoders
    reader = PictureReader(ReaderLimits(children=children, wall_seconds=60, wait_for_place_seconds=60))
    yield reader
    reader.close()


@pytest.fixture
def house(
    settings: Settings,
    clock: TestClock,
    migrated_store: Path,
    pictures: "PictureReader",
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator["House"]:
    """A house on a fresh SQLite store, without any action."""
    from greetings.operations.wiring import wire_rooms

    wire_rooms()
    do_not_sync(monkeypatch)
    parts = new_house(settings, clock, migrated_store)
    with lent(pictures, parts):
        yield parts
    parts.close()


def new_house(settings: Settings, clock: TestClock, migrated_store: Path) -> "House":
    """A house on a fresh SQLite store that is migrated already."""
    from greetings.house import open_house

    settings.data.mkdir(parents=True)
    shutil.copy(migrated_store, settings.data / "greetings.sqlite")
    house = open_house(settings, clock)
    hurry(house.database.engine)
    return house


@pytest.fixture(scope="session")
def postgresql() -> Iterator["PostgresqlServer"]:
    """A PostgreSQL server of this test run's own, on a socket in a temporary folder."""
    from tests.servers import PostgresqlServer

    server = PostgresqlServer.start()
    if server is None:
        must_not_skip("There is no PostgreSQL on this machine: make system brings it.")
    assert server is not None
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_database(postgresql: "PostgresqlServer") -> str:
    """The name of a freshly migrated database, made once; each test gets a copy."""
    from greetings.db.session import Database
    from greetings.operations.schema import migrate

    address = postgresql.new_database()
    settings = load_settings({"GREETINGS_DATABASE_URL": address})
    database = Database(settings.database_url)
    migrate(database)
    database.close()
    return postgresql.name_of(address)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house_on_each_database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: TestClock,
    pictures: "PictureReader",
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator["House"]:
    """A fresh house, once on SQLite and once on PostgreSQL."""
    from greetings.house import open_house
    from greetings.operations.wiring import wire_rooms

    environ = {"GREETINGS_DATA": str(tmp_path / "data"), "GREETINGS_RATE_LIMITS": "off"}
    wire_rooms()
    do_not_sync(monkeypatch)
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        environ["GREETINGS_DATABASE_URL"] = server.new_database(request.getfixturevalue("migrated_database"))
        parts = open_house(load_settings(environ), clock)
        hurry(parts.database.engine)
    else:
        parts = new_house(load_settings(environ), clock, request.getfixturevalue("migrated_store"))
    with lent(pictures, parts):
        yield parts
    parts.close()


@pytest.fixture
def action(house: "House") -> "Action":
    """An open action with the slug `ales`, with texts in the three languages."""
    from tests.factories import make_action

    with house.database.work() as session:
        return make_action(session)


@pytest.fixture
def app(house: "House", action: "Action") -> Flask:
    """The application on that house, with that action in it."""
    from greetings.app import create_app
    from tests.pages import PageClient

    app = create_app(house.settings, house)
    app.test_client_class = PageClient
    return app


@pytest.fixture
def client(app: Flask) -> "PageClient":
    """A client that checks every page it opens."""
    from tests.pages import PageClient

    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def quick_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """`greetings check` without its second look, seconds later, and without trying what children are kept
    from: for tests of what it finds. The whole command is run by `test_exit_codes`.
    """
    from greetings.imaging import PictureReader
    from greetings.operations import integrity

    monkeypatch.setattr(integrity, "SECOND_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(PictureReader, "protections", lambda _reader: {})
