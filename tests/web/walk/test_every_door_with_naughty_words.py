"""Text is inert everywhere (promise 10): naughty words go in by the form and are looked for behind every door.

The walk reads the application's own map of addresses, and fills in and sends every form it finds on its way, so
that a new page, list or form is covered without a word here; one with an argument nobody taught it fails.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from greetings.accounts.models import Moderator
from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.models import Greeting
from greetings.submissions.rules import MAX_TEXT, State
from greetings.web.cleaning import clean
from tests.factories import make_greeting
from tests.pages import PageClient, tree_of
from tests.web.moderation.conftest import Desk
from tests.web.submissions.sender import Sender, photo
from tests.web.walk.naughty import BROKEN, RIGHT_TO_LEFT, WORDS, words_of_others

SERVER_ERROR = 500
NOT_HTML = {"application/json", "application/feed+json"}
XML = re.compile(r"application/(?:[\w.]+\+)?xml|text/xml")
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufffe\uffff]"
)
HEBREW = re.compile("[\u05d0-\u05ea]")
# whose text is in no line with other text, or can't hold an element
APART = {"title", "option", "textarea", "script", "meta"}
SVG = "{http://www.w3.org/2000/svg}"  # text on a path has no neighbours
SAMPLES = (WORDS[3], WORDS[9], RIGHT_TO_LEFT, "\x00\ud800\u202e" + "w" * 5000)


@dataclass
class Form:
    """A form as a page offers it: where it goes and what it holds."""

    path: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)  # fields a person writes into


def assert_inert(response: TestResponse) -> None:
    """Nothing that somebody wrote became a part of the answer."""
    where = f"{response.request.method} {response.request.full_path[:120]}"
    assert response.status_code < SERVER_ERROR, where
    assert "canary" not in response.headers.get("Set-Cookie", ""), where
    assert not [name for name, value in response.headers if "<canary" in value], where
    if response.mimetype in NOT_HTML:
        json.loads(response.get_data(as_text=True))
    elif XML.fullmatch(response.mimetype or ""):
        ET.fromstring(response.get_data())
    elif response.mimetype == "text/html" and response.get_data():
        _assert_inert_page(tree_of(response), where)


def _assert_inert_page(tree: ET.Element, where: str) -> None:
    for element in tree.iter():
        assert element.tag != "canary", where
        assert "canary" not in (element.get("class") or "").split(), where
        assert element.get("canary") is None, where
        assert not [name for name in element.attrib if name.lower().startswith("on")], where
        if element.tag == "script" and element.get("type") in {None, "module", "text/javascript"}:
            assert (element.get("src") or "").startswith("/static/"), where


def disturbed_neighbours(response: TestResponse) -> set[str]:
    """Where a control or bidi character stands, or words from right to left without a direction of their own."""
    where = str(response.request.path)
    if (response.mimetype or "").startswith(("image/", "font/", "application/pdf")):
        return set()
    disturbed = {f"{where}: {found!r}" for found in CONTROLS.findall(response.get_data(as_text=True))}
    if response.mimetype != "text/html":
        return disturbed
    tree = tree_of(response)
    parents = {child: parent for parent in tree.iter() for child in parent}
    for element in tree.iter():
        own = [element.text or "", *(child.tail or "" for child in element)]
        if element.tag in APART or element.tag.startswith(SVG) or not any(map(HEBREW.search, own)):
            continue
        nearest = element
        while nearest.tag not in {"bdi", "html"} and nearest.get("dir") is None:
            nearest = parents[nearest]
        if nearest.tag == "html":
            disturbed.add(f"{where}: {element.tag}.{element.get('class')} in {parents[element].get('class')}")
    return disturbed


def forms_of(response: TestResponse) -> Iterator[Form]:
    """Every form of a page with what it would send."""
    tree = tree_of(response)
    for element in tree.iter("form"):
        path = urlsplit(element.get("action") or response.request.path).path
        form = Form(path, (element.get("method") or "get").lower())
        if form.method == "dialog" or (form.method == "post" and element.get("data-undo") is not None):
            continue  # goes nowhere, or where its script says
        outside = [
            other for other in tree.iter() if element.get("id") and other.get("form") == element.get("id")
        ]
        for control in [*element.iter(), *outside]:
            name = control.get("name")
            if not name or control.tag not in {"input", "textarea", "select", "button"}:
                continue
            form.fields.setdefault(name, control.get("value") or control.text or "")
            if control.tag == "textarea" or (
                control.tag == "input"
                and control.get("type", "text") not in {"hidden", "checkbox", "radio", "file", "submit"}
            ):
                form.typed.add(name)
        yield form


class Walk:
    """Somebody who opens every door there is."""

    def __init__(self, app: Flask, house: House, desk: Desk) -> None:
        self.app, self.house, self.desk = app, house, desk
        self.forms: dict[tuple[str, frozenset[str]], Form] = {}
        self.disturbed: set[str] = set()
        with house.database.reading() as session:
            rows = session.scalars(select(Greeting)).all()
            self.greeting_ids = [row.id for row in rows]
            photos = [photo for row in rows for photo in row.photos]
            self.private_name = photos[0].private_name
            self.public_name = next(photo.public_name for photo in photos if photo.public_name)

    def addresses(self, rule: Rule, language: str) -> Iterator[str]:
        """Addresses behind a rule: one for each greeting where it shows one."""
        known: dict[str, str] = {
            "action_slug": "ales", "language": language, "slug": "ales", "token": "nobody", "session_id": "nobody", "passkey_id": "nobody",
            "moderator_id": self.desk.id, "private_name": self.private_name, "rendition_name": "thumb",
            "code": "risk", "filename": "css/tokens.css", "name": f"{self.public_name}-thumb.webp",
        }  # fmt: skip
        for greeting_id in self.greeting_ids if "greeting_id" in rule.arguments else [""]:
            values = {**known, "greeting_id": greeting_id}
            unknown = rule.arguments - values.keys()
            assert not unknown, f"{rule.rule} takes {unknown}: teach the walk what stands there"
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found, values=values: values[found[1]], rule.rule)  # type: ignore[misc]

    def open(self, address: str) -> TestResponse:
        client = self.desk.client
        response = client.get(address, headers={"Accept-Language": "be"})
        assert_inert(response)
        self.disturbed |= disturbed_neighbours(response)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 308}:
            for form in forms_of(response):
                where = self._endpoint(form)
                self.forms.setdefault((where, frozenset(form.fields)), form)
        return response

    def _endpoint(self, form: Form) -> str:
        adapter = self.app.url_map.bind("localhost")
        endpoint, _values = adapter.match(form.path, method=form.method.upper())
        return str(endpoint)

    def send(self, form: Form, facts: dict[str, Any]) -> TestResponse:
        if form.method == "get":
            return self.desk.client.get(f"{form.path}?{urlencode(facts, errors='surrogatepass')}")
        return self.desk.client.post(
            form.path,
            data=urlencode(facts, errors="surrogatepass"),
            content_type="application/x-www-form-urlencoded",
        )


@pytest.fixture
def naughty(app: Flask, house: House, action: Action, client: PageClient) -> None:
    """The words in every field that a sender fills in, some with pictures, most of it approved."""
    for place in range(1, len(WORDS), 3):
        said = [WORDS[(place + shift) % len(WORDS)] for shift in range(7)]
        receipt = Sender(client, LANGUAGES[place % 3]).send(
            *[photo()] * (place % 2),
            text=said[0] + "\n" + said[1],
            name=said[2][:60],
            town=said[3][:60],
            organisation=said[4][:60],
            office=said[5][:60],
            descriptions=said[6][:300] if place % 2 else "",
        )
        assert_inert(receipt)
        assert receipt.status_code in {201, 422}, receipt.status_code
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        for place, word in enumerate(WORDS[::2]):
            name = clean(word)[:60]
            state = State.REJECTED if place % 7 == 3 else State.PENDING if place % 5 == 4 else State.APPROVED
            make_greeting(
                house, session, here, state=state, photos=place % 2, descriptions=[clean(word)[:300]], text=clean(word, lines=True)[:600] if place % 2 else "",
                name=name, town=name, organisation=name if place % 3 else "", office=name if place % 3 else "", search_text=name,
            )  # fmt: skip


@pytest.fixture
def others_naughty(house: House, action: Action, corpus: Path) -> None:
    """The lists that others made, as many to a greeting as its words hold."""
    said = clean("\n".join(words_of_others(corpus)), lines=True)
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        for start in range(0, len(said), MAX_TEXT):
            text = said[start : start + MAX_TEXT]
            name = clean(text.splitlines()[-2])[:60]
            make_greeting(house, session, here, text=text, name=name, town=name, organisation=name)


@pytest.fixture
def walk(app: Flask, house: House, naughty: None, others_naughty: None, seat: Callable[..., Desk]) -> Walk:
    desk = seat("Maryna", Role.ORGANISER)
    with house.database.work() as session:
        session.get_one(Moderator, desk.id).name = RIGHT_TO_LEFT
    return Walk(app, house, desk)


def test_words_are_inert_behind_every_door_and_in_every_form(
    app: Flask, walk: Walk, capfd: pytest.CaptureFixture[str]
) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for rule in rules:
        for place, address in enumerate(walk.addresses(rule, "en")):
            walk.open(address.replace("/en/", f"/{LANGUAGES[place % 3]}/"))
    assert not walk.disturbed, "\n".join(sorted(walk.disturbed))
    assert len(walk.forms) > 12
    for (endpoint, _names), form in sorted(walk.forms.items(), key=lambda item: item[0][0]):
        if endpoint == "accounts.sign_out":
            continue
        for word in SAMPLES:
            assert_inert(walk.send(form, {**form.fields, **dict.fromkeys(form.typed, word)}))
        if "csrf_token" in form.fields or form.method == "get":
            assert_inert(
                walk.send(
                    form,
                    {
                        name: value if name == "csrf_token" else SAMPLES[0]
                        for name, value in form.fields.items()
                    },
                )
            )
        for broken in BROKEN:
            assert_inert(_send_bytes(walk, form, broken))
        if form.method == "post":
            for name in form.fields.keys() - {"csrf_token"}:
                assert_inert(_send_file(walk, form, name))
    said = capfd.readouterr()
    assert "canary" not in said.err + said.out, "not even in the log"


def _send_bytes(walk: Walk, form: Form, broken: bytes) -> TestResponse:
    """What is no text, in every field a person writes into."""
    facts: dict[str, Any] = {**form.fields, **dict.fromkeys(form.typed, broken)}
    return walk.send(form, facts)


def _send_file(walk: Walk, form: Form, name: str) -> TestResponse:
    """A file under the name of a field that holds text."""
    facts: dict[str, Any] = {**form.fields, name: (io.BytesIO(b"<canary>"), "canary.txt")}
    return walk.desk.client.post(form.path, data=facts, content_type="multipart/form-data")


def test_words_in_an_address_are_inert_too(app: Flask, walk: Walk) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for word in (
            "%00",
            "%ed%a0%80",
            "%3Ccanary%3E",
            "%E2%80%AEcanary",
            "..%2f..%2fsecret",
            "%0d%0aSet-Cookie:canary=1",
        ):
            path = re.sub(r"<(?:\w+:)?(?!action_slug|language)(\w+)>", word, rule.rule)
            path = path.replace("<slug:action_slug>", "ales").replace("<language:language>", "be")
            assert_inert(
                walk.desk.client.get(
                    f"{path}?q={word}&after={word}&country={word}&lang={word}&kind={word}&next={word}&page={word}&at={word}"
                )
            )


def test_what_the_words_do_in_the_store_is_found_again(walk: Walk, client: PageClient) -> None:
    """Whatever was searched for stands in the field again as it was typed, markup and all."""
    for word in WORDS:
        answer = client.get(f"/ales/be/greetings/?{urlencode({'q': word})}")
        assert_inert(answer)
        assert answer.status_code == 200
