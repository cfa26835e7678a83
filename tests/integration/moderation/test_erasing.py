"""Whatever was ever written about a greeting goes with it: every table that points at it is empty after."""

import pytest
from sqlalchemy import func, insert, select

from greetings.db.base import Base
from greetings.exports.models import Export, ExportedGreeting
from greetings.exports.rules import Form
from greetings.house import House
from greetings.moderation import service
from greetings.moderation.models import Approval, Claim, Note, Report
from greetings.moderation.rules import Concern
from greetings.operations.schema import all_tables
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import EarlierPicture, Greeting, OriginalWords
from greetings.submissions.receipt import withdraw
from greetings.submissions.rules import State, Use

LONG = "З днём нараджэння, дарагі Алесь, няхай гэты год прынясе свабоду, здароўе і сустрэчу з роднымі"


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_nothing_that_points_at_a_greeting_survives_it(house_on_each_database: House, send, stands, end: str):
    house = house_on_each_database
    greeting = send(house, photos=1, text=LONG, search_text=LONG, state=State.APPROVED)
    others = send(house, photos=1, text=LONG, search_text=LONG, state=State.APPROVED)
    for one in (greeting, others):
        _fill_every_table(house, one)
    assert _tables_with_rows(house, greeting) == _tables_that_point_at_greetings()
    with house.database.session() as session:
        if end == "withdraw":
            withdraw(house, session, greeting.id)
        else:
            now = session.get_one(Greeting, greeting.sequence)
            service.erase(house, session, greeting.id, now.version, actor="ana")
        session.commit()
    assert _tables_with_rows(house, greeting) == set()
    assert _tables_with_rows(house, others) == _tables_that_point_at_greetings()
    after = stands(house, greeting)
    assert (after.text, after.text_fingerprint, after.search_text) == ("", "", "")


def _fill_every_table(house: House, greeting: Greeting) -> None:
    now = house.clock()
    with house.database.work() as session:
        here = session.get_one(Greeting, greeting.sequence)
        note_likeness(session, here)
        of = {"greeting_sequence": here.sequence}
        session.execute(insert(Claim).values(moderator_id="ana", until=now, **of))
        session.execute(insert(Note).values(moderator_id="ana", text="Looks kind", written_at=now, **of))
        session.execute(insert(Report).values(concern=Concern.WRONG, note="No", received_at=now, **of))
        session.execute(
            insert(Approval).values(
                moderator_id="ana", version=1, disallowed=frozenset(), approved_at=now, **of
            )
        )
        fields = ("text", "name", "town", "organisation", "office", "descriptions")
        words = dict.fromkeys(fields, "As sent")
        session.execute(insert(OriginalWords).values(**words, **of))
        export = Export(action_id=here.action_id, use=Use.POST, form=Form.CSV, asked_by="ana", asked_at=now)
        session.add(export)
        session.flush()
        session.add(ExportedGreeting(export_id=export.id, **of))
        photo = here.photos[0]
        session.add(
            EarlierPicture(
                photo_number=photo.number,
                replaced_at=now,
                private_name=here.id,
                width_px=1,
                height_px=1,
                average_colour="000000",
                difference_hash="0" * 16,
                digests={},
            )
        )


def _tables_that_point_at_greetings() -> set[str]:
    all_tables()
    names = {"photo", "earlier_picture"}
    for table in Base.metadata.tables.values():
        if "greeting" in {key.column.table.name for key in table.foreign_keys}:
            names.add(table.name)
    return names


def _tables_with_rows(house: House, greeting: Greeting) -> set[str]:
    tables = Base.metadata.tables
    found = set()
    with house.database.reading() as session:
        for name in _tables_that_point_at_greetings():
            table = tables[name]
            own = (
                table.c.private_name == greeting.id
                if name == "earlier_picture"
                else table.c.greeting_sequence == greeting.sequence
            )
            if session.scalar(select(func.count()).select_from(table).where(own)):
                found.add(name)
    return found
