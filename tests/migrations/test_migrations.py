"""Migrations build what the models say, go down again, and carry data, on SQLite and PostgreSQL."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from greetings.db import migrations
from greetings.house import House
from greetings.operations.schema import all_tables, is_compared, migrate, migrate_down, migration_config
from greetings.submissions.fingerprints import picture_keys, text_fingerprint, text_keys
from greetings.submissions.models import Greeting, LikenessKey, OriginalWords, RejectionReason
from greetings.submissions.rules import State
from tests.factories import make_action, make_greeting


def test_the_migrations_build_exactly_what_the_models_say(house_on_each_database: House):
    with house_on_each_database.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_compared}
        )
        assert compare_metadata(context, all_tables()) == []


def test_going_up_twice_changes_nothing(house_on_each_database: House):
    with house_on_each_database.database.work() as session:
        make_action(session)
    migrate(house_on_each_database.database)
    with house_on_each_database.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM action")) == 1


def test_every_step_goes_down_and_up_again(house_on_each_database: House):
    database = house_on_each_database.database
    with database.engine.connect() as connection:
        script = ScriptDirectory.from_config(migration_config(connection))
        revisions = [revision.revision for revision in script.walk_revisions()]
    for revision in [*revisions[1:], "base"]:
        migrate_down(database, revision)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate(database)
    assert "greeting" in inspect(database.engine).get_table_names()


def test_a_step_imports_nothing_of_the_program():
    """What it did it does for ever, whatever the program has become."""
    files = sorted((Path(migrations.__file__).parent / "versions").glob("*.py"))
    imports = {
        file.name: re.findall(
            r"^\s*(?:from|import) greetings.*", file.read_text(encoding="utf-8"), re.MULTILINE
        )
        for file in files
    }
    assert imports
    assert {name: found for name, found in imports.items() if found} == {}


def test_data_survives_each_step_up(house_on_each_database: House):
    """Rows written at each revision are still what they were at the newest."""
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        made = make_greeting(house, session, action, state=State.APPROVED, text="Ў і ё ґ ʼ «»", photos=1)
        greeting_id = made.id
    with house.database.engine.connect() as connection:
        script = ScriptDirectory.from_config(migration_config(connection))
        steps = [revision.revision for revision in script.walk_revisions()]
    if len(steps) > 1:
        migrate_down(house.database, steps[1])
        migrate(house.database)
    with house.database.reading() as session:
        found = session.scalars(select(Greeting).where(Greeting.id == greeting_id)).one()
        assert (found.text, found.state, len(found.photos)) == ("Ў і ё ґ ʼ «»", State.APPROVED, 1)
        assert found.received_at.tzinfo is not None


@pytest.mark.parametrize(
    "words",
    [
        "З днём нараджэння, дарагі Алесь, няхай гэты год прынясе свабоду, здароўе і радасць, як аб’ём, так і сон!",
        "Happy birthday, Ales!",
    ],
)
def test_what_was_there_before_fingerprints_is_found_by_them(house_on_each_database: House, words: str):
    """As the program reckons today: should it reckon otherwise, what is there needs a step of its own."""
    house = house_on_each_database
    with house.database.work() as session:
        made = make_greeting(house, session, make_action(session), text=words, photos=1)
        sequence = made.sequence
    migrate_down(house.database, "0001")
    migrate(house.database)
    with house.database.reading() as session:
        found = session.get_one(Greeting, sequence)
        assert found.text_fingerprint == text_fingerprint(found.text, found.name, found.town) != ""
        keys = session.scalars(select(LikenessKey.key).where(LikenessKey.greeting_sequence == sequence))
        expected = [*text_keys(found.text_fingerprint), *picture_keys(found.photos[0].difference_hash)]
        assert sorted(keys) == sorted(expected)


@pytest.mark.parametrize("said", [None, "Напішыце нам."])
def test_a_stiff_sentence_of_a_reason_gives_way_and_what_organisers_wrote_stays(
    house_on_each_database: House, said: str | None
):
    database = house_on_each_database.database
    migrate_down(database, "0017")
    with database.work() as session:
        reason = session.get_one(RejectionReason, "hurtful")
        before = reason.words
        if said is not None:
            reason.words = {**before, "be": {**before["be"], "now": said}}
    migrate(database)
    with database.reading() as session:
        words = session.get_one(RejectionReason, "hurtful").words
    assert before["be"]["now"] == "Без гэтага дасылайце ахвотна."
    assert words["be"]["now"] == (said or "Дашліце, калі ласка, яшчэ раз без гэтага: будзем рады.")
    assert {**words, "be": {**words["be"], "now": ""}} == {**before, "be": {**before["be"], "now": ""}}


def test_photos_that_were_there_before_descriptions_have_none_and_going_down_takes_those_away(
    house_on_each_database: House,
):
    house = house_on_each_database
    with house.database.work() as session:
        said = "Жанчына трымае плакат"
        made = make_greeting(house, session, make_action(session), photos=2, descriptions=[said])
        made.original = OriginalWords(
            text="а", name="б", town="", organisation="", office="", descriptions=said
        )
        sequence = made.sequence
    migrate_down(house.database, "0018")
    columns = {column["name"] for column in inspect(house.database.engine).get_columns("photo")}
    assert "description" not in columns
    migrate(house.database)
    with house.database.reading() as session:
        found = session.get_one(Greeting, sequence)
        assert [photo.description for photo in found.photos] == ["", ""]
        assert found.original is not None
        assert (found.original.text, found.original.descriptions) == ("а", "")


def test_a_moment_without_zone_is_refused(house: House):
    with house.database.reading() as session, pytest.raises(Exception, match="time zone"):
        session.execute(select(Greeting).where(Greeting.received_at > datetime(2026, 1, 1)))  # noqa: DTZ001
    assert datetime.now(UTC).tzinfo is not None
