"""Every door is in the table, every room that holds something of a greeting forgets it, docs are true."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from greetings.actions.rules import is_slug
from greetings.imaging import Refusal
from greetings.operations.schema import all_tables
from greetings.settings import CHECKOUT
from greetings.submissions.erasers import registered_erasers
from greetings.web.permissions import PERMISSIONS, Access

DOCS = CHECKOUT / "docs"


def test_every_route_has_its_line_in_the_table_of_permissions(app: Flask):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == PERMISSIONS.keys()


AT_ITS_DOOR = {
    "accounts.digest_link",
    "accounts.stop_digest",
    "accounts.sign_in",
    "accounts.passkey_question",
    "accounts.passkey_sign_in",
    "accounts.enrol",
    "accounts.reset",
}


def test_the_desk_is_closed_to_everyone_but_at_its_door(app: Flask):
    for rule in app.url_map.iter_rules():
        is_open = PERMISSIONS[rule.endpoint] is Access.PUBLIC
        if rule.rule.startswith("/desk"):
            assert is_open == (rule.endpoint in AT_ITS_DOOR), rule.rule
        else:
            assert is_open, f"{rule.rule} is outside the desk"


def test_no_action_can_take_the_address_of_something_else(app: Flask):
    first_parts = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {"desk", "static", "media", "healthz", "metrics"} <= first_parts
    assert not [part for part in first_parts if is_slug(part)]


def test_whatever_holds_something_of_a_greeting_forgets_it(app: Flask):
    """A table of a higher room with a foreign key to a greeting needs an eraser from that room."""
    rooms = {eraser.__module__.split(".")[1] for eraser in registered_erasers()}
    for mapper in all_tables().tables.values():
        points_at = {key.column.table.name for key in mapper.foreign_keys}
        owner = _room_of(mapper.name) if "greeting" in points_at else "submissions"
        if owner != "submissions":  # its own tables are emptied by `steps`, tested with the withdrawals
            assert owner in rooms, f"{mapper.name} of {owner} survives an erasure"


# tables without a way to a greeting, and what they hold instead
NOTHING_OF_A_GREETING = {
    "action": "the prisoner's public facts",
    "action_text": "the organisers' sentences",
    "audit_entry": "IDs and codes only",
    "audit_head": "a digest",
    "desk_session": "the team",
    "digest": "the team",
    "gone_picture": "random names of files that are gone",
    "invitation": "the team",
    "export": "what was asked for; its files go with the rows of `exported_greeting`",
    "moderator": "the team",
    "passkey": "the team",
    "public_change": "a number",
    "recovery_code": "the team",
    "rejection_reason": "the organisers' sentences",
    "reset_link": "the team",
    "search_upkeep": "numbers",
    "spent_challenge": "digests",
    "waiting_tally": "a number",
    "wall_counter": "numbers",
    "wall_tally": "how many there are of each kind, country and language",
}
# what SQLite has beside them: the migration's own, and the index of `search_document`
BESIDE_THE_MODELS = {"alembic_version", "search_index", "search_index_desk"}


def test_every_table_has_a_way_to_a_greeting_or_says_what_it_holds_instead():
    """Whoever adds a table decides it here; one with a way to a greeting is emptied with it (the test above, and
    `tests/integration/moderation/test_erasing.py`).
    """
    tables = all_tables().tables
    erased = {"greeting"}
    while more := {
        name
        for name, table in tables.items()
        if name not in erased and {key.column.table.name for key in table.foreign_keys} & erased
    }:
        erased |= more
    assert tables.keys() - erased == NOTHING_OF_A_GREETING.keys()


def test_sqlite_holds_no_table_that_nobody_told_about(migrated_store: Path):
    with closing(sqlite3.connect(migrated_store)) as store:
        names = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    strange = {
        name
        for name in names - all_tables().tables.keys() - BESIDE_THE_MODELS
        if not name.startswith(("sqlite_", "search_index_"))
    }
    assert not strange, f"{strange}: who empties them when a greeting is erased?"


def _room_of(table: str) -> str:
    for path in (CHECKOUT / "greetings").glob("*/models.py"):
        if f'__tablename__ = "{table}"' in path.read_text(encoding="utf-8"):
            return path.parent.name
    raise AssertionError(table)


def test_every_setting_is_in_the_docs_and_every_documented_one_exists():
    code = (CHECKOUT / "greetings" / "settings.py").read_text(encoding="utf-8")
    real = {f"GREETINGS_{name}" for name in re.findall(r'reader\.take\(\s*"(\w+)"', code)}
    documented = set(
        re.findall(r"^\| `(GREETINGS_\w+)`", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert documented == real


def test_every_reason_for_refusing_a_file_is_in_the_docs():
    told = (DOCS / "refusals.md").read_text(encoding="utf-8")
    missing = [code for code in (*Refusal, "too_many_photos") if f"`{code}`" not in told]
    assert not missing


def test_every_path_in_the_docs_exists():
    """What a page of the docs names in backticks as a file or folder is there."""
    for page in DOCS.glob("*.md"):
        for name in re.findall(
            r"`((?:greetings|templates|tests|docs)/[\w./-]+)`", page.read_text(encoding="utf-8")
        ):
            assert (CHECKOUT / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("name", ["pip.txt", "build.txt", "run.txt", "faces.txt", "dev.txt", "bench.txt"])
def test_locks_hold_digests_and_no_address(name: str):
    lock = (CHECKOUT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in lock
    for line in lock.splitlines():
        if line and not line.startswith((" ", "#")):
            assert line.endswith("\\"), f"{name}: {line} has no digest"
