"""What the log calls those of whom and of which it tells: by name, never by a code of the program's own."""

import re

from greetings.accounts import service
from greetings.accounts.rules import Role
from greetings.db.session import begin_writing
from greetings.house import House
from tests.web.moderation.conftest import Desk


def cells(desk: Desk, act: str) -> list[str]:
    """The row of the log that tells of an act, cell by cell, without markup."""
    page = desk.get("/desk/log").get_data(as_text=True)
    row = next(row for row in page.split("<tr") if act in row)
    return [
        " ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall("<td.*?</td>", row, re.DOTALL)
    ]


def test_an_invitation_from_the_command_line_names_the_program_and_the_role(organiser: Desk, house: House):
    with house.database.work() as session:
        begin_writing(session)
        service.invite(house, session, Role.MODERATOR)
    _number, _when, who, what, of_what = cells(organiser, "invited somebody")
    assert (who, what, of_what) == ("The program", "invited somebody Moderator", "")


def test_an_action_is_named_by_its_title(organiser: Desk, house: House, action):
    with house.database.work() as session:
        begin_writing(session)
        house.audit.add(
            session, at=house.clock(), actor=organiser.id, act="change-action", subject=action.slug
        )
    assert cells(organiser, "changed an action")[-1] == "title en"


def test_an_export_is_named_by_the_beginning_of_its_id(organiser: Desk, action):
    organiser.post("/desk/exports", action=action.slug, use="post", form="json")
    assert re.fullmatch(r"[a-z0-9]{4}…", cells(organiser, "asked for an export")[-1])
