"""What a browser may fill in, and so keep: nothing, unless whoever writes chooses it (WCAG 1.3.5, decision 0055)."""

from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from greetings.actions.models import Action
from tests.pages import PageClient
from tests.web.submissions.sender import by_id, key_of, parsed

pytestmark = pytest.mark.usefixtures("action")

SEND, OWN = "/ales/en/send", "/ales/en/posters/own"
PURPOSES = {
    SEND: {
        "name": "name",
        "town": "address-level2",
        "country": "country",
        "organisation": "organization",
        "office": "organization-title",
    },
    OWN: {"name": "name", "town": "address-level2"},
}
WRITTEN = {SEND: "text", OWN: "wish"}


def form_of(response: TestResponse) -> Element:
    return next(one for one in parsed(response).iter("form") if one.get("autocomplete"))


def said(response: TestResponse, path: str) -> dict[str, str | None]:
    return {name: by_id(response, name).get("autocomplete") for name in PURPOSES[path]}


@pytest.mark.parametrize("path", [SEND, OWN])
def test_unless_it_is_chosen_nothing_may_be_kept(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert form_of(page).get("autocomplete") == by_id(page, WRITTEN[path]).get("autocomplete") == "off"
    assert set(said(page, path).values()) == {"off"}
    again = client.post(form_of(page).get("action", ""), data={}, content_type="multipart/form-data")
    assert again.status_code == 422
    assert set(said(again, path).values()) == {"off"}


@pytest.mark.parametrize("path", [SEND, OWN])
def test_whoever_chooses_it_has_each_purpose_named_but_their_words_left_alone(
    client: PageClient, path: str
) -> None:
    page = client.get(path)
    (link,) = (one.get("href", "") for one in parsed(page).iter("a") if "fill=1" in one.get("href", ""))
    page = client.get(link)
    assert said(page, path) == PURPOSES[path]
    assert by_id(page, WRITTEN[path]).get("autocomplete") == "off"


def test_a_form_that_comes_back_keeps_to_what_was_chosen(client: PageClient, action: Action) -> None:
    page = client.get(f"{SEND}?kind=text&fill=1")
    where = form_of(page).get("action", "")
    again = client.post(where, data={"key": key_of(page), "name": "Ала"}, content_type="multipart/form-data")
    assert again.status_code == 422
    assert said(again, SEND) == PURPOSES[SEND]
    back = [one.get("href", "") for one in parsed(again).iter("a") if "send?kind=" in one.get("href", "")]
    assert back
    assert "fill" not in back[0]
    assert set(said(client.get(back[0]), SEND).values()) == {"off"}
