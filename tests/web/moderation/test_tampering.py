"""Whoever alters, deletes, reorders or cuts the log in the database is told of by the page and by the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text as sql

from greetings.cli import main
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.web.moderation.conftest import Desk

pytestmark = pytest.mark.usefixtures("quick_check")

Sent = Callable[..., Greeting]
SWAP = (
    "UPDATE audit_entry SET number = -1 WHERE number = 2",
    "UPDATE audit_entry SET number = 2 WHERE number = 3",
    "UPDATE audit_entry SET number = 3 WHERE number = -1",
)
CUT = ("DELETE FROM audit_entry WHERE number > 2",)
CUT_WITH_ITS_HEAD = (
    *CUT,
    "UPDATE audit_head SET number = 2, digest = (SELECT digest FROM audit_entry WHERE number = 2)",
)
WAYS = {
    "an altered actor": ("UPDATE audit_entry SET actor = 'somebodyelse' WHERE number = 2",),
    "an altered moment": ("UPDATE audit_entry SET at = '2026-01-01 00:00:00.000000' WHERE number = 2",),
    "altered details": ("UPDATE audit_entry SET details = '{}' WHERE number = 2",),
    "an altered digest": ("UPDATE audit_entry SET digest = 'another' WHERE number = 2",),
    "a deleted entry": ("DELETE FROM audit_entry WHERE number = 2",),
    "another order": SWAP,
    "a cut tail": CUT,
    "a cut tail with its head": CUT_WITH_ITS_HEAD,
    "an emptied log": ("DELETE FROM audit_entry",),
    "a slipped-in entry": (
        "INSERT INTO audit_entry SELECT 99, at, actor, act, subject, details, digest FROM audit_entry WHERE number = 2",
    ),
    "a moment that is none": ("UPDATE audit_entry SET at = 'yesterday' WHERE number = 2",),
    "details that are no text": ("UPDATE audit_entry SET details = x'ff00' WHERE number = 2",),
    "a text that is none": ("UPDATE audit_entry SET subject = CAST(x'61ff' AS TEXT) WHERE number = 2",),
    "a digest that is no text": ("UPDATE audit_entry SET digest = CAST(x'ff' AS TEXT) WHERE number = 2",),
    "a head that is no text": ("UPDATE audit_head SET digest = CAST(x'ff' AS TEXT)",),
    "a head without a number": ("UPDATE audit_head SET number = 'many'",),
    "a deleted head": ("DELETE FROM audit_head",),
    "a shortened head": ("UPDATE audit_head SET number = 2",),
}


@pytest.fixture
def log(sent: Sent) -> None:
    """A log of some length."""
    sent(state=State.APPROVED)
    sent(state=State.REJECTED)
    sent(state=State.WITHDRAWN)


def check(house: House, *options: str) -> Result:
    environ = {"GREETINGS_DATA": str(house.settings.data), "GREETINGS_RATE_LIMITS": "off"}
    return CliRunner().invoke(main, ["check", *options], env=environ)


def tamper(house: House, way: str) -> None:
    with house.database.work() as session:
        for statement in WAYS[way]:
            session.execute(sql(statement))


def test_an_untouched_log_is_whole(log, organiser: Desk, house: House):
    page = organiser.get("/desk/log").get_data(as_text=True)
    assert "The log is whole" in page
    head = house.audit.kept_head()
    assert head is not None
    assert f"All {head.number} entries were checked" in page
    assert f"entry {head.number} is there as it was written" in page
    result = check(house)
    assert "audit" not in result.output
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("way", WAYS)
def test_tampering_is_told_by_the_page_and_by_the_command(log, organiser: Desk, house: House, way: str):
    tamper(house, way)
    page = organiser.get("/desk/log").get_data(as_text=True)
    assert "The log was tampered with" in page
    assert "The log is whole" not in page
    assert "What to do" in page
    result = check(house)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "audit-" in result.output


def test_a_head_file_that_is_gone_or_broken_is_told(log, organiser: Desk, house: House):
    head = house.settings.data / "audit-head"
    kept = head.read_text()
    head.unlink()
    assert "audit-head-missing" in check(house).output
    assert "is gone" in organiser.get("/desk/log").get_data(as_text=True)
    head.write_text("nothing of the kind")
    assert "audit-head-unreadable" in check(house).output
    assert "can’t be read" in organiser.get("/desk/log").get_data(as_text=True)
    head.write_text(kept)
    assert check(house).exit_code == 0


def test_a_copy_of_the_head_shows_what_was_cut_together_with_the_file(log, house: House, tmp_path: Path):
    head, copy = house.settings.data / "audit-head", tmp_path / "copy-of-audit-head"
    copy.write_text(head.read_text())
    tamper(house, "a cut tail with its head")
    with house.database.reading() as session:
        digest = session.scalar(sql("SELECT digest FROM audit_entry WHERE number = 2"))
    head.write_text(f"2 {digest}\n")
    assert check(house).exit_code == 0, "without a copy elsewhere nobody can know"
    result = check(house, "--audit-head", str(copy))
    assert result.exit_code == 1
    assert "audit-chain-broken: entry 3" in result.output
    copy.write_text("not a head")
    assert check(house, "--audit-head", str(copy)).exit_code == 2


def test_an_older_copy_of_the_head_still_fits_a_log_that_has_grown(
    log, house: House, sent: Sent, tmp_path: Path
):
    copy = tmp_path / "copy-of-audit-head"
    copy.write_text((house.settings.data / "audit-head").read_text())
    sent(state=State.APPROVED)
    assert check(house, "--audit-head", str(copy)).exit_code == 0


def test_a_half_written_head_file_heals_with_the_next_entry(log, house: House, sent: Sent):
    (house.settings.data / "audit-head").write_text("")
    sent(state=State.APPROVED)
    assert check(house).exit_code == 0


def test_decisions_go_on_without_the_head_and_the_page_tells_of_it(
    log, organiser: Desk, house: House, sent: Sent
):
    tamper(house, "a deleted head")
    assert organiser.do("approve", sent()).status_code == 303
    page = organiser.get("/desk/log").get_data(as_text=True)
    assert "Its length in the database was gone or spoilt" in page
    assert "set the head of the log anew" in page
    assert 'class="bad"' not in page, "no entry is in doubt"
