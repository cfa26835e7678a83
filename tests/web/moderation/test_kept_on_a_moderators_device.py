"""What a moderator's browser may keep of senders' words, names and codes: nothing (decision 0055)."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from greetings.accounts.rules import Role
from greetings.submissions.models import Greeting
from tests.pages import tree_of
from tests.web.moderation.conftest import Desk

NOT_WRITTEN_IN = {"hidden", "checkbox", "radio", "submit", "file", "date"}
WRITTEN = {
    "/desk/add": {"organisation", "office", "name", "town", "text", "consent_from", "descriptions"},
    "/desk/queue?at={}": {"note"},
    "/desk/greetings/{}": {"note", "confirm"},
    "/desk/greetings/{}/edit": {"text", "name", "town", "organisation", "office"},
    "/desk/greetings/{}/describe": {"description-1"},
    "/desk/reasons/add": {
        f"{language}_{part}" for language in ("be", "en", "ru") for part in ("name", "why", "now")
    },
    "/desk/decided": {"q"},
}


def written_in(form: Element) -> list[Element]:
    """The fields that somebody writes words into."""
    fields = [one for one in form.iter("input") if one.get("type", "text") not in NOT_WRITTEN_IN]
    return [*fields, *form.iter("textarea")]


@pytest.mark.parametrize("path", WRITTEN)
def test_nothing_of_what_is_written_at_the_desk_may_be_kept(
    seat: Callable[..., Desk], sent: Callable[..., Greeting], path: str
):
    greeting = sent(organisation="Libraries", office="librarian", photos=1)
    page = seat(role=Role.ORGANISER).get(path.format(greeting.id))
    assert page.status_code == 200
    main = next(tree_of(page).iter("main"))
    forms = [form for form in main.iter("form") if written_in(form)]
    fields = {field.get("name"): field.get("autocomplete") for form in forms for field in written_in(form)}
    assert set(fields) == WRITTEN[path]
    assert set(fields.values()) == {"off"}
    assert {form.get("autocomplete") for form in forms} == {"off"}
