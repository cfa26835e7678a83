"""The form: what it offers, and that it loses nothing whatever is wrong."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.submissions.forms import without_unprintable
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Use
from greetings.web.cleaning import clean
from tests.integration.submissions.sending import count, stored_files
from tests.pages import parse
from tests.web.submissions.sender import (
    Sender,
    alert_of,
    by_id,
    key_of,
    message_at,
    parsed,
    photo,
    reasons_of,
    text_of,
    typed,
)

ORDER = [
    "key",
    "text",
    "name",
    "town",
    "country",
    "organisation",
    "office",
    "kind",
    "uses",
    "agreed",
    "children",
    "guardian",
    "cover_faces",
    "descriptions",
    "photos",
]
EVERYTHING = {
    "text": 'Першы радок\n\n<b>другі</b> & "трэці"  з прабеламі ',
    "name": 'Імя "з двукоссямі" <i>',
    "town": "Магілёў",
    "country": "BY",
    "organisation": "Сям’я & Co",
    "office": "</textarea><script>alert(1)</script>",
    "kind": "drawing",
    "uses": ["press"],
    "agreed": "1",
    "children": "1",
    "cover_faces": "1",
    "descriptions": 'Жанчына  з плакатам\n\n<b>Свечкі</b> & "зоркі" ',
}


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_form_has_every_field_in_the_order_of_the_contract(client, language: str):
    form = next(element for element in parsed(Sender(client, language).open()).iter("form"))
    names = [element.get("name") for element in form.iter() if element.get("name")]
    assert list(dict.fromkeys(names)) == ORDER
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")


def test_no_consent_is_ticked_beforehand_and_two_are_suggested(sender: Sender):
    page = sender.open()
    ticks = [element for element in parsed(page).iter("input") if element.get("type") == "checkbox"]
    assert len(ticks) == 8
    assert not [element.get("name") for element in ticks if element.get("checked") is not None]
    assert text_of(by_id(page, "uses")).count("suggested") == 2


def test_every_choice_has_a_line_of_its_own_also_without_styles(sender: Sender):
    choices = [
        label for label in parsed(sender.open()).iter("label") if label.get("class") in {"tick", "chip"}
    ]
    assert len(choices) > len(Use)
    assert all(label[-1].tag == "br" for label in choices)


def test_the_form_is_kept_by_no_cache_and_knows_nobody(sender: Sender):
    page = sender.open()
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert key_of(sender.open()) != key_of(page)


@pytest.mark.parametrize(
    ("query", "kind"),
    [("", "photo"), ("?kind=text", "text"), ("?kind=photo", "photo"), ("?kind=<b>", "photo")],
)
def test_the_kind_is_that_of_the_button_one_came_by(client, query: str, kind: str):
    assert typed(client.get(f"/ales/en/send{query}"))["kind"] == kind


def test_the_safety_panel_tells_the_server_nothing(sender: Sender):
    panel = next(element for element in parsed(sender.open()).iter("details"))
    assert "Belarus" in text_of(panel)
    assert not [element for element in panel.iter() if element.get("name")]


@pytest.mark.parametrize(("language", "belarus"), [("be", "Беларусь"), ("en", "Belarus"), ("ru", "Беларусь")])
def test_countries_are_named_in_the_language_of_the_page(client, language: str, belarus: str):
    country = by_id(Sender(client, language).open(), "country")
    names = {option.get("value"): text_of(option) for option in country.iter("option")}
    assert names["BY"] == belarus
    assert "" in names
    assert len(names) > 245


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_refusal_keeps_everything_exactly_as_it_was_typed(client, house: House, language: str):
    page = Sender(client, language).send(**EVERYTHING)
    assert page.status_code == 422
    kept = typed(page)
    assert {name: kept[name] for name in EVERYTHING} == EVERYTHING
    assert "guardian" not in kept
    assert count(house, Greeting) == 0


BAD_FIELDS = [
    ("text", {"text": "x" * 2001}),
    ("text", {"text": "  \n "}),
    ("name", {"name": "x" * 81}),
    ("town", {"town": "x" * 81}),
    ("organisation", {"organisation": "x" * 121}),
    ("office", {"office": "x" * 121}),
    ("country", {"country": "XX"}),
    ("country", {"country": "BLR"}),
    ("kind", {"kind": "song"}),
    ("uses", {"uses": None}),
    ("uses", {"uses": ["events", "press"]}),
    ("uses", {"uses": ["gallery", "everything"]}),
    ("guardian", {"children": "1"}),
]


@pytest.mark.parametrize(("field", "facts"), BAD_FIELDS)
def test_a_bad_field_has_its_message_and_the_summary_leads_to_it(
    sender: Sender, house: House, field: str, facts: dict[str, str]
):
    page = sender.send(**facts)
    assert page.status_code == 422
    assert by_id(page, f"{field}-error") is not None
    message = text_of(by_id(page, f"{field}-error"))
    assert message in message_at(page, field)
    summary = by_id(page, "error-summary")
    assert summary.get("role") == "alert"
    links = {link.get("href"): text_of(link) for link in summary.iter("a")}
    assert links.keys() == {f"#{field}"}
    assert links[f"#{field}"].endswith(message)
    invalid = [element.get("id") for element in parsed(page).iter() if element.get("aria-invalid") == "true"]
    assert invalid == [field]
    assert count(house, Greeting) == 0


def test_the_summary_says_which_line_is_too_long_and_keeps_the_order_of_the_form(sender: Sender):
    page = sender.send(name="n" * 81, town="t" * 81, organisation="o" * 121, uses=None, children="1")
    links = [(link.get("href"), text_of(link)) for link in by_id(page, "error-summary").iter("a")]
    assert [target for target, _ in links] == ["#name", "#town", "#organisation", "#uses", "#guardian"]
    assert len({said for _, said in links}) == len(links)
    assert [said.split(".")[0] for _, said in links[:3]] == ["Name to show", "Town", "Organisation"]


def test_nothing_at_all_is_refused_kindly(sender: Sender):
    page = sender.send(text="", uses=None)
    assert page.status_code == 422
    assert "Everything you typed is still here." in alert_of(page)


def test_a_form_without_any_field_is_refused(client):
    page = client.post("/ales/en/send")
    assert page.status_code == 422
    assert key_of(page)


def test_photos_need_the_consent_of_those_shown(sender: Sender, house: House):
    page = sender.send(photo(), agreed=None)
    assert page.status_code == 422
    assert "Please ask everyone" in text_of(by_id(page, "agreed-error"))
    assert "chosen again" in alert_of(page)
    assert not stored_files(house)


def test_a_text_of_2000_letters_fits_and_line_ends_count_once(sender: Sender, house: House):
    text = ("й" * 99 + "\r\n") * 20
    assert sender.send(text=text).status_code == 201


def test_every_mistake_is_told_at_once(sender: Sender):
    page = sender.send((b"%PDF-1.4 nothing", "menu.pdf"), uses=None, country="XX")
    assert page.status_code == 422
    assert reasons_of(page) == ["a_document"]
    assert len(list(by_id(page, "error-summary").iter("a"))) == 3


# ---------- the key


def test_a_form_older_than_a_day_comes_back_fresh_with_everything_kept(sender: Sender, house: House, clock):
    sender.open()
    clock.forward(hours=24, seconds=1)
    page = sender.send(text="Доўга пісаў", photos=None)
    assert page.status_code == 422
    assert "open for a long time" in alert_of(page)
    assert typed(page)["text"] == "Доўга пісаў"
    assert key_of(page) != sender.key
    sender.key = key_of(page)
    assert sender.send(text="Доўга пісаў").status_code == 201
    assert count(house, Greeting) == 1


def test_a_form_of_almost_a_day_is_taken(sender: Sender, clock):
    sender.open()
    clock.forward(hours=24)
    assert sender.send().status_code == 201


@pytest.mark.parametrize("key", [None, "", "x", "ё" * 50, "W10.x", "x" * 5000])
def test_a_key_that_is_not_ours_is_replaced_and_nothing_is_lost(
    sender: Sender, house: House, key: str | None
):
    sender.open()
    page = sender.send(key=key, name="Ганна")
    assert page.status_code == 422
    assert typed(page)["name"] == "Ганна"
    assert key_of(page) not in {key, sender.key}
    assert count(house, Greeting) == 0


def test_a_key_that_was_changed_is_worth_nothing(sender: Sender):
    sender.open()
    head, tail = sender.key[:8], sender.key[9:]
    changed = head + ("A" if sender.key[8] != "A" else "B") + tail
    assert sender.send(key=changed).status_code == 422


def test_a_key_of_another_form_is_worth_nothing(app, sender: Sender):
    from greetings.gallery.forms import ReportForm

    with app.test_request_context():
        foreign = ReportForm()["csrf_token"]._value()  # type: ignore[attr-defined]
    assert sender.send(key=foreign).status_code == 422


def test_a_refused_form_keeps_its_key(sender: Sender):
    page = sender.send(uses=None)
    assert key_of(page) == sender.key


# ---------- time


def test_a_form_filled_in_too_quickly_comes_back_with_a_sentence(house: House, action: Action, clock):
    from dataclasses import replace

    from greetings.app import create_app
    from tests.pages import PageClient

    house.settings = replace(house.settings, rate_limits=True)
    app = create_app(house.settings, house)
    app.test_client_class = PageClient
    sender = Sender(app.test_client())  # type: ignore[arg-type]
    sender.open()
    clock.forward(seconds=1)
    page = sender.send(name="Хуткі")
    assert page.status_code == 422
    assert "very quick" in alert_of(page)
    assert (typed(page)["name"], key_of(page)) == ("Хуткі", sender.key)
    clock.forward(seconds=1)
    assert sender.send(name="Хуткі").status_code == 201


def test_too_many_sendings_are_told_when_to_come_again_with_everything_kept(
    house: House, action: Action, clock
):
    from dataclasses import replace

    from greetings.app import create_app
    from greetings.web.limits import limiter
    from tests.pages import PageClient

    house.settings = replace(house.settings, rate_limits=True)
    app = create_app(house.settings, house)
    app.test_client_class = PageClient
    sender = Sender(app.test_client())  # type: ignore[arg-type]
    with app.app_context():
        limiter.reset()
    sender.open()
    clock.forward(seconds=5)
    for _ in range(30):
        assert sender.send().status_code == 201
    page = sender.send(name="Трыццаць першы")
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert typed(page)["name"] == "Трыццаць першы"
    with app.app_context():
        limiter.reset()


# ---------- where it comes from


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
@pytest.mark.parametrize("page", ["send", "receipt"])
def test_another_site_can_not_send_in_anyone_s_name(client, house: House, headers, page: str):
    assert client.post(f"/ales/en/{page}", data={"text": "x"}, headers=headers).status_code == 403
    assert count(house, Greeting) == 0


# ---------- an action that takes no greetings


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize("state", [ActionState.ANNOUNCED, ActionState.CLOSED, ActionState.ARCHIVED])
def test_an_action_that_takes_nothing_says_so_and_gives_the_words_back(
    client, house: House, action: Action, state: ActionState, language: str
):
    sender = Sender(client, language)
    sender.open()
    with house.database.work() as session:
        session.get_one(Action, action.id).state = state
    assert client.get(sender.path).status_code == 200
    page = sender.send(photo(), text="Не паспеў <b>")
    assert page.status_code == 403
    assert by_id(page, "kept").text == "Не паспеў <b>"
    assert count(house, Greeting) == 0
    assert not stored_files(house)


def test_after_a_release_one_can_welcome_home(client, house: House, action: Action):
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.RELEASED
    assert Sender(client).send().status_code == 201


@pytest.mark.parametrize(("language", "prison"), [("be", "турм"), ("en", "prison"), ("ru", "тюрьм")])
def test_a_card_for_somebody_who_is_free_goes_to_no_prison(
    client, house: House, action: Action, language: str, prison: str
):
    sender = Sender(client, language)
    assert prison in sender.open().get_data(as_text=True)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.RELEASED
    assert prison not in sender.open().get_data(as_text=True)
    receipt = sender.send()
    assert receipt.status_code == 201
    assert prison not in receipt.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/nobody/en/send", "/nobody/en/receipt", "/ales/de/send"])
def test_what_is_not_there_is_not_found(client, path: str):
    assert client.get(path).status_code == 404
    assert client.post(path, data={"text": "x"}).status_code == 404


# ---------- text is inert


def inert(page: TestResponse) -> bool:
    """Parsed strictly, the page holds no element and no attribute that could do anything."""
    tree, errors = parse(page.get_data(as_text=True))
    assert not errors
    attributes = {(name, value) for element in tree.iter() for name, value in element.attrib.items()}
    return not any(
        name.startswith("on") or name == "style" or ("javascript:" in value.lower() and name != "value")
        for name, value in attributes
    )


@pytest.mark.corpus
def test_naughty_strings_come_back_as_text_and_are_kept_as_text(app, house: House, corpus: Path):
    naughty = json.loads((corpus / "blns" / "blns.json").read_text(encoding="utf-8"))
    sender = Sender(FlaskClient(app))  # type: ignore[arg-type]  # the strict client reads text as markup
    tags = {element.tag for element in parsed(sender.send(uses=None)).iter()}
    for start in range(0, len(naughty), 25):
        some = naughty[start : start + 25]
        text = "\n".join(string.replace("\r", " ") for string in some)[:1900]
        facts = {
            "text": text,
            "name": some[0][:60],
            "town": some[-1].replace("\r", " ").replace("\n", " ")[:60],
            "descriptions": text[:200],
        }
        page = sender.send(photo(), **facts, uses=None)
        assert page.status_code == 422
        assert inert(page)
        assert {element.tag for element in parsed(page).iter()} <= tags
        kept = typed(page)
        assert {name: kept[name] for name in facts} == {
            name: without_unprintable(string) for name, string in facts.items()
        }
        sender.key = ""
        page = sender.send(photo(), **{**facts, "text": text + " і віншаванне"})
        assert page.status_code == 201
        assert inert(page)
        sender.key = ""
    with house.database.reading() as session:
        for greeting in session.query(Greeting):
            assert clean(greeting.text, lines=True) == greeting.text
            assert clean(greeting.name) == greeting.name
            assert clean(greeting.photos[0].description) == greeting.photos[0].description


@pytest.mark.parametrize(
    "field", ["text", "name", "town", "country", "kind", "key", "organisation", "descriptions"]
)
def test_a_file_under_a_field_s_name_is_no_value_of_it(sender: Sender, field: str):
    import io

    sender.open()
    data = {"key": sender.key, "text": "words", "uses": "gallery"}
    data.pop(field, None)
    page = sender.client.post(
        sender.path,
        data={**data, field: (io.BytesIO(b"file"), "a.txt")},
        content_type="multipart/form-data",
    )
    assert page.status_code in {201, 422}


def test_controls_and_bidi_never_reach_the_store(sender: Sender, house: House):
    seen = "p\x00o\u202es\x1bter\u2066"
    page = sender.send(
        photo(), text="a\x00b\u202ec\x1b[31md\ufffee\ufdd0", name="x\x07y\u2066", descriptions=seen
    )
    assert page.status_code == 201
    with house.database.reading() as session:
        greeting = session.query(Greeting).one()
        assert (greeting.text, greeting.name) == ("abc[31mde", "xy")
        assert greeting.photos[0].description == "poster"
