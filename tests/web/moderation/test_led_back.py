"""Whoever's form the desk refuses, for want of a session or of a key, is told why and led back to its page."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from greetings.accounts.rules import Role, own_desk_path
from greetings.house import House
from greetings.submissions.models import Greeting
from tests.pages import tree_of
from tests.web.moderation.conftest import Desk

TYPED = "She is my neighbour. Please ask me first."


def way_on(page: TestResponse) -> str | None:
    """Where the one large button leads."""
    return next(part.get("href") for part in tree_of(page).iter("a") if part.get("class") == "btn primary")


def typed_on(page: TestResponse) -> str | None:
    return next((part.text for part in tree_of(page).iter("textarea") if part.get("id") == "typed"), None)


@pytest.fixture
def refused(volha: Desk, sent: Callable[..., Greeting], house: House) -> Callable[..., TestResponse]:
    """Takes the page that a browser says it comes from, and gives the answer to who is signed out there."""
    greeting = sent()

    def answer(came_from: str | None, what: str = "note", **fields: str) -> TestResponse:
        volha.client.delete_cookie("desk", path="/desk")
        address = f"/desk/greetings/{greeting.id}/{what}"
        page = (came_from or "").format(site=house.settings.url, id=greeting.id)
        return volha.client.post(address, data=fields, headers={"Referer": page} if page else {})

    return answer


def test_who_signs_in_again_is_back_on_the_page_they_were_on(refused: Callable[..., TestResponse]):
    page = refused("{site}/desk/queue?at={id}&done=x")
    assert page.status_code == 401
    way = way_on(page)
    assert way is not None
    assert way.startswith("/desk/sign-in?next=/desk/queue?at%3D")
    assert way.endswith("%26done%3Dx")


@pytest.mark.parametrize(("what", "page"), [("note", ""), ("approve", ""), ("cover", "/cover")])
def test_where_a_browser_says_nothing_it_is_the_nearest_page_above(
    refused: Callable[..., TestResponse], what: str, page: str
):
    way = way_on(refused(None, what))
    assert way is not None
    assert re.fullmatch(rf"/desk/sign-in\?next=/desk/greetings/\w+{page}", way)


@pytest.mark.parametrize(
    "came_from",
    [
        "https://evil.example/desk/queue",
        "//evil.example/desk/queue",
        "{site}.evil.example/desk/queue",
        "{site}@evil.example/desk/queue",
        "{site}/ales/be/",
        "{site}/desk-2027/be/",
        "{site}/desk/greetings/{id}/approve",
        "{site}//evil.example/desk/",
        "{site}/\\evil.example/desk/",
        "javascript:alert(1)//desk/",
        "http://[",
        "/desk/queue",
        "\u00e9\u00e8/desk",
    ],
)
def test_it_is_never_another_site_and_never_what_can_only_be_sent_to(
    refused: Callable[..., TestResponse], came_from: str
):
    page = refused(came_from)
    assert page.status_code == 401
    way = way_on(page)
    assert way is not None
    assert way.startswith("/desk/sign-in?next=/desk/greetings/")
    assert "/approve" not in way
    assert own_desk_path(way.partition("next=")[2]) is not None


def test_a_form_of_an_earlier_session_is_told_so_with_what_was_typed(
    volha: Desk, sent: Callable[..., Greeting]
):
    greeting = sent()
    page = volha.post(f"/desk/greetings/{greeting.id}/note", csrf_token="of-the-session-before", note=TYPED)
    said = page.get_data(as_text=True)
    assert page.status_code == 403
    assert "You have signed in anew since then" in said
    assert "the key" not in said
    assert typed_on(page) == TYPED
    assert way_on(page) == f"/desk/greetings/{greeting.id}"


def test_who_is_no_organiser_any_more_keeps_what_they_typed(seat: Callable[..., Desk]):
    page = seat("Jan", Role.MODERATOR).post("/desk/reasons/risk", name=TYPED)
    assert page.status_code == 403
    assert "You don’t have the key to this page." in page.get_data(as_text=True)
    assert typed_on(page) == TYPED
    assert way_on(page) == "/desk/queue"


def test_a_form_from_another_name_of_the_site_is_told_so_at_the_desk_too(
    volha: Desk, sent: Callable[..., Greeting]
):
    address = f"/desk/greetings/{sent().id}/note"
    fields = {"csrf_token": volha.csrf_token, "note": TYPED}
    page = volha.client.post(address, data=fields, headers={"Origin": "https://other.example"})
    assert page.status_code == 403
    assert "This came in by another door" in page.get_data(as_text=True)
    assert typed_on(page) is None


def test_words_of_a_card_added_by_hand_without_a_script_are_kept(volha: Desk):
    volha.client.delete_cookie("desk", path="/desk")
    fields = {"text": TYPED, "consent_from": "the teacher, by letter"}
    page = volha.client.post("/desk/add", data=fields, content_type="multipart/form-data")
    assert page.status_code == 401
    assert typed_on(page) == f"{TYPED}\n\nthe teacher, by letter"
    assert way_on(page) == "/desk/sign-in?next=/desk/add"


def test_what_was_drawn_without_a_script_stands_there_again_after_signing_in(
    volha: Desk, sent: Callable[..., Greeting], house: House
):
    greeting = sent(photos=2)
    one, other = (photo.number for photo in greeting.photos)
    address = f"/desk/greetings/{greeting.id}/cover"
    drawn = {
        f"left-{one}": ["10", "", "60,5"], f"top-{one}": ["0", "", "20"], f"width-{one}": ["5.5", "", "9"],
        f"height-{one}": ["7", "", "8"], f"turns-{one}": "0", f"turns-{other}": "3",
        f"crop-left-{other}": "1", f"crop-top-{other}": "2", f"crop-width-{other}": "3", f"crop-height-{other}": "4",
        "do": "burn", "version": "1",
    }  # fmt: skip
    cookie = volha.client.get_cookie("desk", path="/desk")
    assert cookie is not None
    volha.client.delete_cookie("desk", path="/desk")
    came_from = {"Referer": f"{house.settings.url}{address}?find=1"}
    page = volha.client.post(address, data=drawn, headers=came_from)
    assert "leads back to it" in page.get_data(as_text=True)
    way = (way_on(page) or "").partition("next=")[2]
    back = own_desk_path(unquote(way))
    assert back is not None
    volha.client.set_cookie("desk", cookie.value, path="/desk")
    again = tree_of(volha.client.get(back))
    fields = [(part.get("name"), part.get("value")) for part in again.iter("input") if part.get("value")]
    for name, values in drawn.items():
        if name.split("-")[0] in {"left", "top", "width", "height", "crop"}:
            assert [value for field, value in fields if field == name] == [
                value for value in ([values] if isinstance(values, str) else values) if value
            ]
    (turned,) = (part for part in again.iter("select") if part.get("name") == f"turns-{other}")
    assert [one.get("value") for one in turned.iter("option") if one.get("selected") is not None] == ["3"]


def test_what_is_no_number_does_not_go_along(refused: Callable[..., TestResponse]):
    page = refused(None, "cover", **{"left-1": "<b>", "top-1": "", "turns-1": "0", "left-x": "5"})
    assert "leads back to it" not in page.get_data(as_text=True)
    assert (way_on(page) or "").endswith("/cover")
