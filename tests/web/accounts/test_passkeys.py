"""Passkeys: one press signs in; each answer once, from here only, and never from a copy."""

import html
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from greetings.accounts import ceremony, challenges
from greetings.accounts.ceremony import LONGEST_ANSWER, LONGEST_CREDENTIAL_ID, PasskeyRefused
from greetings.accounts.models import Passkey, SpentChallenge
from greetings.accounts.service import forget_expired
from greetings.house import House
from greetings.settings import Settings, load_settings
from tests.web.accounts.device import PRESENT, VERIFIED, Device, text
from tests.web.accounts.team import Person, hidden_fields, post, unfolded
from tests.web.accounts.test_people import id_of
from tests.web.accounts.test_resetting import acts

Browser = Callable[[], FlaskClient]
OPTIONS = re.compile(r'data-options="([^"]*)"')
ADDRESS = re.compile(r'href="(/desk/account/passkeys/[a-z0-9]{20})"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A site with a name, as passkeys need one."""
    return replace(settings, url="http://localhost:8000")


@pytest.fixture
def inside(browser: Browser, moderator: Person) -> FlaskClient:
    """The browser of Ana, signed in with password and code."""
    client = browser()
    moderator.sign_in(client)
    return client


@pytest.fixture
def device(inside: FlaskClient, moderator: Person) -> Device:
    """Ana's phone, with a passkey for this site."""
    phone = Device()
    assert add(inside, moderator, phone).status_code == 303
    return phone


def confirm(client: FlaskClient, person: Person, code: str | None = None) -> TestResponse:
    answer = post(
        client,
        "/desk/account/passkeys",
        **{"passkey-current": person.password, "passkey-code": code or person.code()},
    )
    person.house.clock.forward(seconds=30)  # type: ignore[attr-defined]
    return answer


def options_of(page: TestResponse) -> dict[str, Any]:
    found = OPTIONS.search(unfolded(page))
    assert found, page.get_data(as_text=True)
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


def add(client: FlaskClient, person: Person, device: Device, name: str = "my phone") -> TestResponse:
    made = device.make(options_of(confirm(client, person)))
    return post(client, "/desk/account/add-passkey", name=name, answer=made)


def question(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/desk/sign-in/question")
    assert answer.headers["Cache-Control"] == "no-store"
    asked: dict[str, Any] = answer.get_json()
    return asked


def send(client: FlaskClient, answer: str, path: str = "/desk/sign-in/passkey") -> TestResponse:
    fields = hidden_fields(client.get("/desk/sign-in"))
    return client.post(
        path, data={"passkey-csrf_token": fields["passkey-csrf_token"], "passkey-answer": answer}
    )


def sign_in(client: FlaskClient, device: Device) -> TestResponse:
    return send(client, device.answer(question(client)))


def is_inside(client: FlaskClient) -> bool:
    return client.get("/desk/account").status_code == 200


def count(house: House, table: type) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# ---------- the way it should go


def test_one_press_signs_in_without_address_password_or_code(
    browser: Browser, device: Device, moderator: Person, house: House
):
    client = browser()
    answer = sign_in(client, device)
    assert (answer.status_code, answer.location) == (303, "/desk/queue")
    assert is_inside(client)
    ana = id_of(house, moderator)
    assert acts(house)[-2:] == [("passkey-add", ana, ana), ("sign-in", ana, ana)]


def test_signing_in_goes_where_one_wanted_to_and_gives_a_session_of_its_own(browser: Browser, device: Device):
    client = browser()
    client.set_cookie("desk", "a cookie that somebody planted", path="/desk")
    path = "/desk/sign-in/passkey?next=/desk/decided&lang=ru"
    assert send(client, device.answer(question(client)), path).location == "/desk/decided"
    cookie = client.get_cookie("desk", path="/desk")
    assert cookie is not None
    assert cookie.value != "a cookie that somebody planted"
    assert '<html lang="ru">' in client.get("/desk/account").get_data(as_text=True)
    away = browser()
    path = "/desk/sign-in/passkey?next=https://evil.example/"
    assert send(away, device.answer(question(away)), path).location == "/desk/queue"


def test_devices_that_do_not_count_work_as_well(browser: Browser, inside: FlaskClient, moderator: Person):
    device = Device(counts=False)
    add(inside, moderator, device)
    assert sign_in(browser(), device).status_code == 303
    assert sign_in(browser(), device).status_code == 303


def test_a_passkey_is_asked_for_with_user_verification_without_attestation_and_without_an_address(
    inside: FlaskClient, moderator: Person, house: House
):
    options = options_of(confirm(inside, moderator))
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"] == {"id": "localhost", "name": "Greetings"}
    assert moderator.email not in json.dumps(options)
    assert id_of(house, moderator) not in json.dumps(options)
    asked = question(inside)
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == (
        "localhost",
        "required",
        [],
    )


def test_another_passkey_may_be_added_with_the_first_one(
    browser: Browser, inside: FlaskClient, device: Device, moderator: Person
):
    asked = inside.get("/desk/account/passkeys/question").get_json()
    assert asked["allowCredentials"] == [{"type": "public-key", "id": text(device.credential_id)}]
    page = post(inside, "/desk/account/passkeys", **{"passkey-answer": device.answer(asked)})
    options = options_of(page)
    assert options["excludeCredentials"] == asked["allowCredentials"], "no device gets a second one"
    key = Device()
    assert post(inside, "/desk/account/add-passkey", answer=key.make(options)).status_code == 303
    assert "my phone" in inside.get("/desk/account").get_data(as_text=True)
    assert sign_in(browser(), key).status_code == 303


# ---------- adding needs more than an open browser


def test_adding_one_needs_password_and_code(inside: FlaskClient, moderator: Person):
    for password, code, sentence in [
        ("not the password", moderator.code(), "present password"),
        (moderator.password, "000000", "didn’t match"),
        (moderator.password, "", "six digits"),
    ]:
        fields = {"passkey-current": password, "passkey-code": code}
        answer = post(inside, "/desk/account/passkeys", **fields)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert not OPTIONS.search(answer.get_data(as_text=True))


def test_a_code_adds_one_passkey_only(inside: FlaskClient, moderator: Person):
    code = moderator.code()
    assert confirm(inside, moderator, code).status_code == 200
    assert confirm(inside, moderator, code).status_code == 422
    assert confirm(inside, moderator, moderator.recovery_codes[0]).status_code == 200
    assert confirm(inside, moderator, moderator.recovery_codes[0]).status_code == 422


def test_what_was_made_is_kept_once_and_only_in_the_session_that_asked(
    browser: Browser, inside: FlaskClient, moderator: Person, house: House, clock
):
    other = browser()
    moderator.sign_in(other)
    made = Device().make(options_of(confirm(inside, moderator)))
    assert post(other, "/desk/account/add-passkey", answer=made).status_code == 422
    assert post(inside, "/desk/account/add-passkey", answer=made).status_code == 303
    assert post(inside, "/desk/account/add-passkey", answer=made).status_code == 422
    late = Device().make(options_of(confirm(inside, moderator)))
    clock.forward(minutes=5)
    assert post(inside, "/desk/account/add-passkey", answer=late).status_code == 422
    assert count(house, Passkey) == 1


def test_one_question_makes_one_passkey(inside: FlaskClient, moderator: Person, house: House):
    options = options_of(confirm(inside, moderator))
    assert post(inside, "/desk/account/add-passkey", answer=Device().make(options)).status_code == 303
    assert post(inside, "/desk/account/add-passkey", answer=Device().make(options)).status_code == 422
    assert count(house, Passkey) == 1


def test_the_same_key_is_not_taken_twice_not_even_for_another_member(
    browser: Browser, inside: FlaskClient, device: Device, moderator: Person, organiser: Person, house: House
):
    assert add(inside, moderator, device).status_code == 422
    olga = browser()
    organiser.sign_in(olga)
    assert add(olga, organiser, device.copy()).status_code == 422
    assert count(house, Passkey) == 1


ELSEWHERE: list[dict[str, Any]] = [
    {"flags": PRESENT},
    {"flags": VERIFIED},
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:8000"},
    {"origin": "http://localhost:8001"},
    {"domain": "evil.example"},
    {"says": {"crossOrigin": True}},
    {"says": {"challenge": text(bytes(56))}},
]


def test_a_passkey_made_elsewhere_or_without_its_owner_is_not_kept(
    inside: FlaskClient, moderator: Person, house: House
):
    for wrong in [*ELSEWHERE, {"says": {"type": "webauthn.get"}}, {"credential_id": b""}]:
        assert add(inside, moderator, Device(**wrong)).status_code == 422, wrong
    assert count(house, Passkey) == 0


def test_a_passkey_is_of_a_kind_and_length_that_was_asked_for(
    inside: FlaskClient, moderator: Person, house: House
):
    for wrong in [{"algorithm": -35}, {"credential_id": bytes(LONGEST_CREDENTIAL_ID + 1)}]:
        assert add(inside, moderator, Device(**wrong)).status_code == 422, wrong  # type: ignore[arg-type]
    made = Device().make(options_of(confirm(inside, moderator))) + " " * LONGEST_ANSWER
    assert post(inside, "/desk/account/add-passkey", answer=made).status_code == 422
    assert count(house, Passkey) == 0
    assert add(inside, moderator, Device(credential_id=bytes(LONGEST_CREDENTIAL_ID))).status_code == 303


def test_nobody_has_more_than_a_dozen(inside: FlaskClient, moderator: Person, house: House):
    with house.database.work() as session:
        for number in range(12):
            session.add(
                Passkey(
                    moderator_id=id_of(house, moderator),
                    name="x",
                    credential_id=bytes([number]),
                    public_key=b"-",
                    added_at=house.clock(),
                )
            )
    answer = confirm(inside, moderator)
    assert answer.status_code == 422
    assert "remove one first" in answer.get_data(as_text=True)


# ---------- what doesn't open the desk


def test_an_answer_opens_the_desk_once(browser: Browser, device: Device):
    client = browser()
    answer = device.answer(question(client))
    assert send(client, answer).status_code == 303
    again = send(other := browser(), answer)
    assert again.status_code == 422
    assert other.get("/desk/sign-in/passkey?lang=be").location == "/desk/sign-in?lang=be", (
        "in another language"
    )
    assert "didn’t open the desk" in again.get_data(as_text=True)


def test_of_two_who_bring_the_same_answer_at_once_one_gets_in(browser: Browser, device: Device):
    clients, barrier = [browser(), browser()], Barrier(2)
    answer = device.answer(question(clients[0]))
    tokens = [hidden_fields(client.get("/desk/sign-in"))["passkey-csrf_token"] for client in clients]

    def come(place: int) -> int:
        barrier.wait()
        fields = {"passkey-csrf_token": tokens[place], "passkey-answer": answer}
        return clients[place].post("/desk/sign-in/passkey", data=fields).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(come, range(2))) == [303, 422]


def test_what_is_not_asked_here_or_not_signed_by_it_opens_nothing(browser: Browser, device: Device):
    own: list[dict[str, Any]] = [
        {"says": {"type": "webauthn.create"}},
        {"key": Device().key},
        {"user_handle": b"somebody else"},
        {"credential_id": b"unknown"},
    ]
    client = browser()
    for wrong in [*ELSEWHERE, *own]:
        assert sign_in(client, replace(device, **wrong)).status_code == 422, wrong
        assert not is_inside(client)
    assert sign_in(client, device).status_code == 303


def test_a_question_is_open_for_minutes_only_and_for_its_own_purpose(
    browser: Browser, inside: FlaskClient, device: Device, clock
):
    client = browser()
    for_confirming = device.answer(inside.get("/desk/account/passkeys/question").get_json())
    assert send(client, for_confirming).status_code == 422
    for_signing_in = device.answer(question(inside))
    confirmed = post(inside, "/desk/account/passkeys", **{"passkey-answer": for_signing_in})
    assert confirmed.status_code == 422
    late = device.answer(question(client))
    clock.forward(minutes=5)
    assert send(client, late).status_code == 303, "to the last second"
    later = device.answer(question(browser()))
    clock.forward(minutes=5, seconds=1)
    assert send(browser(), later).status_code == 422


def test_a_passkey_of_somebody_else_confirms_nothing(
    browser: Browser, device: Device, organiser: Person, house: House
):
    olga = browser()
    organiser.sign_in(olga)
    asked = olga.get("/desk/account/passkeys/question").get_json()
    answer = post(olga, "/desk/account/passkeys", **{"passkey-answer": device.answer(asked)})
    assert answer.status_code == 422
    assert count(house, SpentChallenge) == 1, "only the one by which it was made"


def test_a_copy_of_a_passkey_is_refused_and_told(
    browser: Browser, device: Device, moderator: Person, house: House
):
    copied = device.copy()
    assert sign_in(browser(), device).status_code == 303
    client = browser()
    answer = sign_in(client, copied)
    assert answer.status_code == 422
    assert "copy of it" in answer.get_data(as_text=True)
    assert not is_inside(client)
    ana = id_of(house, moderator)
    assert acts(house)[-1] == ("passkey-copied", ana, ana)
    assert sign_in(browser(), device).status_code == 303, "the true one goes on"


def test_a_device_that_counted_can_not_have_stopped_counting(browser: Browser, device: Device):
    assert sign_in(browser(), device).status_code == 303
    answer = sign_in(browser(), replace(device, counts=False, sign_count=0))
    assert answer.status_code == 422
    assert "copy of it" in answer.get_data(as_text=True)


def test_wrong_answers_are_slowed_down_and_a_right_one_always_gets_in(
    browser: Browser, device: Device, house: House
):
    house.settings = replace(house.settings, rate_limits=True)
    answers = [send(browser(), "{}") for _ in range(8)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert sign_in(browser(), device).status_code == 303


def test_a_form_that_is_not_ours_opens_nothing(browser: Browser, device: Device):
    client = browser()
    answer = device.answer(question(client))
    fields = {"passkey-csrf_token": "x", "passkey-answer": answer}
    assert client.post("/desk/sign-in/passkey", data=fields).status_code == 422
    elsewhere = {"Origin": "https://evil.example"}
    assert client.post("/desk/sign-in/passkey", data=fields, headers=elsewhere).status_code == 403
    assert send(client, answer).status_code == 303, "and uses nothing up"


@hypothesis_settings(max_examples=30)
@given(st.one_of(st.text(max_size=60), st.dictionaries(
    st.sampled_from(["id", "clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=40), st.binary(max_size=90).map(text)),
).map(json.dumps)))  # fmt: skip
def test_whatever_comes_in_place_of_an_answer_is_refused_calmly(untrusted: str):
    site = ceremony.Site("http://localhost:8000", "localhost", "Greetings")
    with pytest.raises(PasskeyRefused):
        ceremony.read_made(site, untrusted, lambda _challenge: True)
    try:
        answer = ceremony.read_answer(untrusted)
    except PasskeyRefused:
        return
    with pytest.raises(PasskeyRefused):
        ceremony.check_answer(site, answer, b"\xa0", lambda _challenge: True)


# ---------- naming, removing, leaving


def address_of(client: FlaskClient) -> str:
    found = ADDRESS.search(client.get("/desk/account").get_data(as_text=True))
    assert found
    return found[1]


def test_a_passkey_is_called_what_its_owner_says(inside: FlaskClient, device: Device):
    address = address_of(inside)
    assert post(inside, f"{address}/rename", name="the <b>blue</b> key").status_code == 303
    assert "the &lt;b&gt;blue&lt;/b&gt; key" in inside.get("/desk/account").get_data(as_text=True)
    assert post(inside, f"{address}/rename", name="w" * 61).status_code == 422
    assert post(inside, f"{address}/rename", name=" ").status_code == 303
    assert "Passkey" in inside.get(address).get_data(as_text=True)


def test_removing_one_needs_the_password_and_signs_every_other_browser_out(
    browser: Browser, inside: FlaskClient, device: Device, moderator: Person
):
    there = browser()
    sign_in(there, device)
    address = address_of(inside)
    refused = post(inside, f"{address}/remove", **{"remove-current": "not the password"})
    assert refused.status_code == 422
    assert "present password" in refused.get_data(as_text=True)
    assert is_inside(there)
    assert post(inside, f"{address}/remove", **{"remove-current": moderator.password}).status_code == 303
    assert is_inside(inside)
    assert not is_inside(there)
    assert sign_in(browser(), device).status_code == 422
    assert inside.get(address).status_code == 404


def test_nobody_sees_or_touches_the_passkeys_of_another(
    browser: Browser, inside: FlaskClient, device: Device, organiser: Person, house: House
):
    olga, address = browser(), address_of(inside)
    organiser.sign_in(olga)
    assert olga.get(address).status_code == 404
    assert post(olga, f"{address}/rename", name="mine").status_code == 404
    assert post(olga, f"{address}/remove", **{"remove-current": organiser.password}).status_code == 404
    assert count(house, Passkey) == 1


@pytest.mark.parametrize("way", ["reset", "deactivate"])
def test_a_way_back_in_and_leaving_the_team_take_the_passkeys(
    browser: Browser, device: Device, moderator: Person, organiser: Person, house: House, way: str
):
    olga = browser()
    organiser.sign_in(olga)
    post(olga, f"/desk/people/{id_of(house, moderator)}/{way}")
    assert count(house, Passkey) == 0
    assert sign_in(browser(), device).status_code == 422


def test_a_passkey_stays_when_the_password_changes(
    browser: Browser, inside: FlaskClient, device: Device, moderator: Person
):
    assert "Your passkeys stay" in inside.get("/desk/account").get_data(as_text=True)
    fields = {"change-current": moderator.password, "change-password": "seven small lanterns hum"}
    assert post(inside, "/desk/account/password", **fields).status_code == 303
    assert sign_in(browser(), device).status_code == 303


def test_answered_challenges_are_forgotten_when_they_are_over(device: Device, house: House, clock):
    assert count(house, SpentChallenge) == 1
    clock.forward(minutes=5, seconds=1)
    with house.database.work() as session:
        forget_expired(session, clock())
    assert count(house, SpentChallenge) == 0


def test_a_challenge_is_ours_for_one_purpose_of_one_owner(house: House):
    challenge = challenges.new_challenge(house, "make", "ana")
    assert challenges.is_open(house, challenge, "make", "ana")
    for purpose, owner in (("make", "olga"), ("make", ""), ("confirm", "ana"), ("sign-in", "")):
        assert not challenges.is_open(house, challenge, purpose, owner)
    for place in range(len(challenge)):
        changed = bytearray(challenge)
        changed[place] ^= 1
        assert not challenges.is_open(house, bytes(changed), "make", "ana")


# ---------- where there can be none


def test_without_a_name_nothing_is_offered_and_the_account_says_why(
    app: Flask, house: House, browser: Browser, inside: FlaskClient, moderator: Person
):
    house.settings = load_settings(
        {"GREETINGS_DATA": str(house.settings.data), "GREETINGS_RATE_LIMITS": "off"}
    )
    assert house.settings.url == "http://127.0.0.1:8000"
    page = browser().get("/desk/sign-in").get_data(as_text=True)
    assert "passkey" not in page
    assert "Not at this address" in inside.get("/desk/account").get_data(as_text=True)
    assert browser().get("/desk/sign-in/question").status_code == 404
    assert inside.get("/desk/account/passkeys/question").status_code == 404
    assert confirm(inside, moderator).status_code == 404
    assert send_nothing(browser()).status_code == 422


def send_nothing(client: FlaskClient) -> TestResponse:
    return client.post("/desk/sign-in/passkey", data={"passkey-answer": "{}"})
