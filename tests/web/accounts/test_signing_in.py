"""The two stages of the door, and everything it must not let through."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from greetings.accounts import passwords
from greetings.accounts.models import DeskSession
from greetings.audit.models import AuditEntry
from greetings.house import House
from tests.web.accounts.team import Person, hidden_fields, post, token_of

Browser = Callable[[], FlaskClient]


def is_inside(client: FlaskClient) -> bool:
    return client.get("/desk/account").status_code == 200


def test_password_and_code_open_the_desk(browser: Browser, moderator: Person):
    client = browser()
    assert not is_inside(client)
    answer = moderator.sign_in(client)
    assert answer.status_code == 303
    assert answer.location.endswith("/desk/queue")
    assert is_inside(client)


def test_the_password_alone_opens_nothing(browser: Browser, moderator: Person):
    client = browser()
    moderator.give_password(client)
    assert not is_inside(client)
    assert 'name="code"' in client.get("/desk/sign-in").get_data(as_text=True)


def test_the_password_again_ends_what_was_half_done_in_this_browser(
    browser: Browser, moderator: Person, house: House
):
    client = browser()
    for path in ("/desk/sign-in", "/desk/sign-in?begin=1"):
        assert moderator.give_password(client, path).status_code == 303
    with house.database.reading() as session:
        assert [row.is_complete for row in session.scalars(select(DeskSession))].count(False) == 1


def test_the_code_without_the_password_opens_nothing(browser: Browser, moderator: Person):
    client = browser()
    answer = moderator.give_code(client)
    assert answer.status_code == 422
    assert not is_inside(client)


def test_a_wrong_password_writes_nothing_so_that_its_time_tells_nothing(browser: Browser, moderator: Person):
    file = moderator.house.settings.data / "greetings.sqlite-wal"
    before = file.read_bytes()
    for email in ("ana@example.org", "nobody@example.org"):
        Person(moderator.house, email=email, password="four blue kettles sing").give_password(browser())
    assert file.read_bytes() == before


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org", "not an address"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser: Browser, moderator: Person, email: str
):
    answer = Person(moderator.house, email=email, password="four blue kettles sing").give_password(browser())
    assert answer.status_code == 422
    assert "That didn’t match." in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_address_costs_as_much_work_as_a_wrong_password(
    browser: Browser, moderator: Person, monkeypatch: pytest.MonkeyPatch
):
    checked: list[bool] = []
    real = passwords._hasher.verify

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(True)
            return real(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for email in ("ana@example.org", "nobody@example.org"):
        Person(moderator.house, email=email, password="wrong").give_password(browser())
    assert len(checked) == 2


def test_the_cookie_changes_at_each_stage(browser: Browser, moderator: Person):
    client = browser()
    moderator.give_password(client)
    half = client.get_cookie("desk", path="/desk")
    moderator.give_code(client)
    whole = client.get_cookie("desk", path="/desk")
    assert half is not None
    assert whole is not None
    assert half.value != whole.value
    client.set_cookie("desk", half.value, path="/desk")
    assert not is_inside(client)


def test_a_cookie_copied_before_signing_out_is_dead_afterwards(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    cookie = client.get_cookie("desk", path="/desk")
    assert cookie is not None
    answer = post(client, "/desk/sign-out")
    assert answer.status_code == 303
    assert client.get_cookie("desk", path="/desk") is None
    client.set_cookie("desk", cookie.value, path="/desk")
    assert not is_inside(client)


def test_a_code_is_accepted_once(browser: Browser, moderator: Person):
    code = moderator.code()
    first, second = browser(), browser()
    for client in (first, second):
        moderator.give_password(client)
    assert moderator.give_code(first, code).status_code == 303
    assert moderator.give_code(second, code).status_code == 422
    assert not is_inside(second)


def test_the_code_used_for_joining_does_not_sign_in(browser: Browser, moderator: Person):
    client = browser()
    moderator.give_password(client)
    answer = moderator.give_code(client, moderator.code(-1))
    assert answer.status_code == 422
    assert 'aria-describedby="code-hint code-error" aria-invalid="true"' in answer.get_data(as_text=True)


def test_a_recovery_code_replaces_the_authenticator_once(browser: Browser, moderator: Person):
    code = moderator.recovery_codes[3]
    first, second = browser(), browser()
    for client in (first, second):
        moderator.give_password(client)
    assert moderator.give_code(first, f" {code.upper()} ").status_code == 303
    assert moderator.give_code(second, code).status_code == 422
    assert "7 codes are left" in first.get("/desk/account").get_data(as_text=True)


def test_somebody_elses_recovery_code_is_worth_nothing(
    browser: Browser, moderator: Person, organiser: Person
):
    client = browser()
    moderator.give_password(client)
    assert moderator.give_code(client, organiser.recovery_codes[0]).status_code == 422


@pytest.mark.parametrize("code", ["", "abc", "12345", "٠١٢٣٤٥", "1" * 4000, "😀"])
def test_an_odd_code_is_refused_kindly(browser: Browser, moderator: Person, code: str):
    client = browser()
    moderator.give_password(client)
    assert moderator.give_code(client, code).status_code == 422


def test_half_a_sign_in_ends_after_ten_minutes(browser: Browser, moderator: Person):
    client = browser()
    moderator.give_password(client)
    moderator.house.clock.now += timedelta(minutes=10)  # type: ignore[attr-defined]
    page = client.get("/desk/sign-in")
    answer = client.post("/desk/sign-in", data={**hidden_fields(page), "code": moderator.code()})
    assert answer.status_code == 422
    assert "begin again" in answer.get_data(as_text=True)
    assert not is_inside(client)


def test_a_session_ends_after_twelve_hours(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    moderator.house.clock.now += timedelta(hours=12) - timedelta(minutes=1)  # type: ignore[attr-defined]
    assert is_inside(client)
    moderator.house.clock.now += timedelta(minutes=1)  # type: ignore[attr-defined]
    assert not is_inside(client)


def test_what_was_typed_stays_except_the_password(browser: Browser, moderator: Person):
    answer = moderator.give_password(browser(), password="not quite right at all").get_data(as_text=True)
    assert 'value="ana@example.org"' in answer
    assert "not quite right" not in answer


@pytest.mark.parametrize("wanted", ["/desk/people", "/desk/queue?after=x", "/desk/greetings/abc"])
def test_one_arrives_where_one_wanted_to_go(browser: Browser, moderator: Person, wanted: str):
    from urllib.parse import quote

    answer = moderator.sign_in(browser(), f"/desk/sign-in?next={quote(wanted)}")
    assert answer.location == wanted


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "/desk//evil.example",
        "/\\evil.example",
        "/desk/../x",
        "/deskevil",
        "/desk\\x",
    ],
)
def test_signing_in_never_leads_to_another_site(browser: Browser, moderator: Person, evil: str):
    from urllib.parse import quote

    answer = moderator.sign_in(browser(), f"/desk/sign-in?next={quote(evil)}")
    assert answer.location == "/desk/queue"


def test_a_closed_door_remembers_where_one_wanted_to_go(browser: Browser):
    answer = browser().get("/desk/account?lang=be", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.location == "/desk/sign-in?next=/desk/account?lang%3Dbe"


def test_the_database_holds_no_token_and_the_log_no_address(
    browser: Browser, moderator: Person, house: House
):
    client = browser()
    moderator.give_password(client, password="wrong wrong wrong")
    moderator.give_password(client)
    moderator.give_code(client, "000000")
    client = browser()
    moderator.sign_in(client)
    cookie = client.get_cookie("desk", path="/desk")
    assert cookie is not None
    with house.database.reading() as session:
        rows = session.scalars(select(DeskSession)).all()
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert all(cookie.value not in row.token_digest for row in rows)
        said = " ".join(f"{entry.act} {entry.actor} {entry.subject} {entry.details}" for entry in entries)
        assert "example.org" not in said
        assert "127.0.0.1" not in said
        assert [entry.act for entry in entries[-2:]] == ["sign-in-failed", "sign-in"]
        assert len([entry for entry in entries if entry.act == "sign-in-failed"]) == 1
        assert house.audit.troubles(session) == []


def test_a_form_left_open_too_long_says_so_and_keeps_the_address(browser: Browser, moderator: Person):
    client = browser()
    client.get("/desk/sign-in")
    fields = {"csrf_token": "old", "email": moderator.email, "password": moderator.password}
    answer = client.post("/desk/sign-in", data=fields)
    assert answer.status_code == 422
    assert 'value="ana@example.org"' in answer.get_data(as_text=True)
    assert 'id="error-summary"' in answer.get_data(as_text=True)


def test_signing_in_from_another_site_is_refused(browser: Browser, moderator: Person):
    client = browser()
    fields = {
        **hidden_fields(client.get("/desk/sign-in")),
        "email": moderator.email,
        "password": moderator.password,
    }
    assert (
        client.post("/desk/sign-in", data=fields, headers={"Origin": "https://evil.example"}).status_code
        == 403
    )


def test_who_is_signed_in_is_not_asked_again(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    assert client.get("/desk/sign-in?next=/desk/account").location == "/desk/account"


def test_a_form_of_the_desk_without_its_token_is_refused(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    for fields in ({}, {"csrf_token": ""}, {"csrf_token": "x" * 64}, {"csrf_token": "ў"}):
        assert client.post("/desk/sign-out", data=fields).status_code == 403
    assert is_inside(client)


def test_the_token_of_another_session_is_refused(browser: Browser, moderator: Person):
    first, second = browser(), browser()
    moderator.sign_in(first)
    moderator.sign_in(second)
    assert token_of(first) != token_of(second)
    assert first.post("/desk/sign-out", data={"csrf_token": token_of(second)}).status_code == 403
