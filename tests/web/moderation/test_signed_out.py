"""Whoever is signed out while they write, by the clock or from elsewhere, keeps what they typed."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from greetings.submissions.models import Greeting
from tests.pages import tree_of
from tests.web.moderation.conftest import Desk

TYPED = "She is my neighbour.\n<b>Please</b> ask me first, on Tuesday."


def typed_on(page: TestResponse) -> str | None:
    return next((part.text for part in tree_of(page).iter("textarea") if part.get("id") == "typed"), None)


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_what_was_typed_is_on_the_page_that_says_one_is_signed_out(
    seat: Callable[..., Desk], sent: Callable[..., Greeting], language: str
):
    desk, greeting = seat(language=language), sent()
    desk.client.delete_cookie("desk", path="/desk")
    page = desk.do("note", greeting, note=TYPED)
    assert page.status_code == 401
    assert typed_on(page) == TYPED
    assert desk.csrf_token not in page.get_data(as_text=True)
    mended = desk.do("edit", greeting, text="Happy birthday", name="Maša", town="")
    assert typed_on(mended) == "Happy birthday\n\nMaša"


def test_no_password_is_shown_there_and_nothing_where_nothing_was_typed(
    volha: Desk, sent: Callable[..., Greeting]
):
    greeting = sent()
    volha.client.delete_cookie("desk", path="/desk")
    fields = {"change-current": "three green kettles sing", "change-password": "seven small lanterns hum"}
    change = volha.client.post("/desk/account/password", data=fields)
    for page in (change, volha.do("reject", greeting, reason="risk")):
        assert page.status_code == 401
        assert typed_on(page) is None
        assert "kettles" not in page.get_data(as_text=True)


@pytest.mark.parametrize("site", ["same-origin", "cross-site"])
def test_what_was_typed_is_on_the_page_that_says_it_can_not_be_kept_now(
    volha: Desk, sent: Callable[..., Greeting], monkeypatch: pytest.MonkeyPatch, site: str
):
    """Browsers are asked to keep nothing of it, so one page back it would be gone."""
    greeting = sent()
    commit, fails = Session.commit, iter([True])

    def fail_once(session: Session) -> None:
        if next(fails, False):
            raise OperationalError("COMMIT", {}, Exception("database is locked"))
        commit(session)

    monkeypatch.setattr(Session, "commit", fail_once)
    data = {"csrf_token": volha.csrf_token, "note": TYPED}
    address = f"/desk/greetings/{greeting.id}/note"
    page = volha.client.post(address, data=data, headers={"Sec-Fetch-Site": site})
    assert (page.status_code, typed_on(page)) == ((503, TYPED) if site == "same-origin" else (403, None))
    assert "one page back" not in page.get_data(as_text=True) or site == "cross-site"


def test_a_page_of_another_site_is_not_shown_what_it_sent(volha: Desk, sent: Callable[..., Greeting]):
    greeting = sent()
    volha.client.delete_cookie("desk", path="/desk")
    address = f"/desk/greetings/{greeting.id}/note"
    page = volha.client.post(address, data={"note": TYPED}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "neighbour" not in page.get_data(as_text=True)
