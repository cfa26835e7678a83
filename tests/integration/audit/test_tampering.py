"""Whatever somebody does to the log in the database shows, on each database; and nobody's work stops for it."""

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from greetings.audit import list_entries
from greetings.audit.models import AuditEntry
from greetings.audit.reading import fingerprint
from greetings.audit.rules import parsed_head
from greetings.audit.service import MEND
from greetings.cli import main
from greetings.house import House
from tests.integration.audit.test_log import add

pytestmark = pytest.mark.usefixtures("quick_check")

CUT = ("DELETE FROM audit_entry WHERE number > 2",)
HEAD_OF_TWO = "UPDATE audit_head SET number = 2, digest = (SELECT digest FROM audit_entry WHERE number = 2)"
COPY = "INSERT INTO audit_entry SELECT {}, at, actor, act, subject, details, digest FROM audit_entry WHERE number = 2"
BROKEN, WRONG_ROW = "audit-chain-broken: entry {}", "audit-head-row-wrong: entry {}"
Way = tuple[tuple[str, ...], str]
WAYS: dict[str, Way] = {
    "an altered actor": (("UPDATE audit_entry SET actor = 'other' WHERE number = 2",), BROKEN.format(2)),
    "an altered moment": (
        ("UPDATE audit_entry SET at = '2026-01-01 00:00:00.000000' WHERE number = 2",),
        BROKEN.format(2),
    ),
    "an altered act": (("UPDATE audit_entry SET act = 'reject' WHERE number = 2",), BROKEN.format(2)),
    "an altered subject": (
        ("UPDATE audit_entry SET subject = 'another' WHERE number = 4",),
        BROKEN.format(4),
    ),
    "altered details": (("UPDATE audit_entry SET details = '{}' WHERE number = 3",), BROKEN.format(3)),
    "an altered digest": (("UPDATE audit_entry SET digest = 'another' WHERE number = 2",), BROKEN.format(2)),
    "a deleted entry": (("DELETE FROM audit_entry WHERE number = 1",), BROKEN.format(1)),
    "a deleted last one": (("DELETE FROM audit_entry WHERE number = 4",), BROKEN.format(4)),
    "another order": (
        (
            "UPDATE audit_entry SET number = -1 WHERE number = 2",
            "UPDATE audit_entry SET number = 2 WHERE number = 3",
            "UPDATE audit_entry SET number = 3 WHERE number = -1",
        ),
        BROKEN.format(2),
    ),
    "a cut tail": (CUT, BROKEN.format(3)),
    "a cut tail with its head": ((*CUT, HEAD_OF_TWO), BROKEN.format(3)),
    "an emptied log": (("DELETE FROM audit_entry",), BROKEN.format(1)),
    "an emptied log without a head": (
        ("DELETE FROM audit_entry", "DELETE FROM audit_head"),
        BROKEN.format(1),
    ),
    "an entry slipped in at the end": ((COPY.format(99),), BROKEN.format(5)),
    "an entry slipped in before the first": ((COPY.format(0),), BROKEN.format(1)),
    "a deleted head": (("DELETE FROM audit_head",), WRONG_ROW.format(0)),
    "a shortened head": ((HEAD_OF_TWO,), WRONG_ROW.format(2)),
    "a head of something else": (("UPDATE audit_head SET digest = 'x'",), WRONG_ROW.format(4)),
    "a head far ahead": (("UPDATE audit_head SET number = 4611686018427387904",), WRONG_ROW.format(2**62)),
}
ONLY_ON_SQLITE: dict[str, Way] = {  # PostgreSQL refuses what isn't of a column's kind
    "a text that is none": (
        ("UPDATE audit_entry SET subject = CAST(x'61ff' AS TEXT) WHERE number = 3",),
        BROKEN.format(3),
    ),
    "a digest that is no text": (
        ("UPDATE audit_entry SET digest = CAST(x'ff' AS TEXT) WHERE number = 4",),
        BROKEN.format(4),
    ),
    "a head that is no text": (("UPDATE audit_head SET digest = CAST(x'ff' AS TEXT)",), WRONG_ROW.format(4)),
    "a head without a number": (("UPDATE audit_head SET number = 'many'",), WRONG_ROW.format(0)),
    "a head of bytes": (("UPDATE audit_head SET digest = x'ff00'",), WRONG_ROW.format(4)),
}


def spoilt_heads(ways: dict[str, Way]) -> list[str]:
    """Those of the ways that leave the entries as they are."""
    return [name for name, way in ways.items() if way[1].startswith("audit-head-row-wrong")]


@pytest.fixture
def log(house_on_each_database: House) -> House:
    """A house whose log has four entries."""
    add(house_on_each_database, 4)
    return house_on_each_database


def tamper(house: House, way: Way) -> None:
    with house.database.engine.begin() as connection:
        for statement in way[0]:
            connection.execute(text(statement))


def check(house: House) -> Result:
    environ = {
        "GREETINGS_DATA": str(house.settings.data),
        "GREETINGS_DATABASE_URL": house.settings.database_url,
        "GREETINGS_RATE_LIMITS": "off",
    }
    return CliRunner().invoke(main, ["check"], env=environ)


def troubles(house: House) -> list[tuple[str, int]]:
    with house.database.reading() as session:
        return [(one.code, one.number) for one in house.audit.troubles(session)]


@pytest.mark.parametrize("name", WAYS)
def test_the_command_names_what_was_tampered_with(log: House, name: str) -> None:
    assert_the_command_names(log, WAYS[name])


@pytest.mark.parametrize("name", ONLY_ON_SQLITE)
def test_the_command_names_what_no_column_should_hold(house: House, name: str) -> None:
    add(house, 4)
    assert_the_command_names(house, ONLY_ON_SQLITE[name])


def assert_the_command_names(house: House, way: Way) -> None:
    tamper(house, way)
    result = check(house)
    assert result.exit_code == 1, result.output
    assert way[1] in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", spoilt_heads(WAYS))
def test_work_goes_on_without_a_head_and_the_log_says_so_for_good(log: House, name: str) -> None:
    assert_work_goes_on(log, WAYS[name])


@pytest.mark.parametrize("name", spoilt_heads(ONLY_ON_SQLITE))
def test_work_goes_on_with_a_head_that_is_none(house: House, name: str) -> None:
    add(house, 4)
    assert_work_goes_on(house, ONLY_ON_SQLITE[name])


def assert_work_goes_on(house: House, way: Way) -> None:
    tamper(house, way)
    with capture_logs() as said:
        add(house, 2)
    assert [line["log_level"] for line in said] == ["warning"]
    assert troubles(house) == [("audit-head-mended", 5)]
    with house.database.reading() as session:
        (entry,) = list_entries(session, AuditEntry.number == 5)
    assert (entry.actor, entry.act) == ("system", MEND)


@pytest.mark.parametrize(
    "statements",
    [
        (*CUT, HEAD_OF_TWO),
        (*CUT, "DELETE FROM audit_head"),
        ("DELETE FROM audit_entry", "DELETE FROM audit_head"),
        ("DELETE FROM audit_entry", "UPDATE audit_head SET number = 0, digest = ''"),
        CUT,
    ],
)
def test_what_was_cut_off_shows_when_the_log_has_grown_over_it(
    log: House, statements: tuple[str, ...], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.write_text((log.settings.data / "audit-head").read_text())
    tamper(log, (statements, ""))
    log.clock.forward(days=1)  # type: ignore[attr-defined]
    with capture_logs() as said:
        add(log, 6)
    assert len(said) == len({line["event"] for line in said}), "each is said once"
    assert "audit-chain-broken" in [code for code, _ in troubles(log)]
    head = parsed_head(copy.read_text())
    with log.database.reading() as session:
        assert "audit-chain-broken" in [one.code for one in log.audit.troubles(session, head)]


def test_a_head_file_that_lags_behind_follows_again(log: House) -> None:
    """As after a crash between a commit and the file."""
    head = log.settings.data / "audit-head"
    kept = head.read_text()
    add(log, 2)
    head.write_text(kept)
    add(log)
    assert head.read_text().split()[0] == "7"
    assert troubles(log) == []


def test_many_who_find_no_head_at_once_keep_one_chain(log: House) -> None:
    tamper(log, WAYS["a deleted head"])
    threads = [threading.Thread(target=add, args=(log, 3)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles(log) == [("audit-head-mended", 5)]
    with log.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 4 + 1 + 15


def test_what_could_not_be_read_once_is_not_taken_for_the_same_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(house, 4)
    with monkeypatch.context() as patch:
        patch.setattr("greetings.audit.service.fingerprint", lambda *_: "")
        assert troubles(house) == []
    tamper(house, ONLY_ON_SQLITE["a text that is none"])
    assert ("audit-chain-broken", 3) in troubles(house)


def test_only_a_text_that_is_none_counts_as_unreadable(house: House) -> None:
    """Any other trouble of the database is told, not taken for a finding."""
    tamper(house, (("ALTER TABLE audit_entry RENAME TO elsewhere",), ""))
    with house.database.reading() as session, pytest.raises(OperationalError):
        fingerprint(session, 1)
