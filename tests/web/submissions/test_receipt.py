"""The receipt: with the code one sees how a greeting stands, saves the code, takes consent or everything back."""

import pytest

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.submissions.codes import code_digest, code_for
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import find_words
from greetings.submissions.rules import Reason, State, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from tests.factories import make_action, make_greeting
from tests.web.submissions.sender import Sender, by_id, code_of, parsed, photo, state_of, text_of

KEY = "a" * 32
STATES = [State.PENDING, State.APPROVED, State.REJECTED, State.WITHDRAWN, State.ERASED]


def with_code(house: House, action: Action, state: State = State.PENDING, **facts) -> str:
    """A greeting in a state, and its code."""
    code = code_for(house.keys, KEY)
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=state, **facts)
        greeting.code_digest = code_digest(house.keys, code)
    return code


def the_greeting(house: House) -> Greeting:
    with house.database.reading() as session:
        greeting = session.query(Greeting).one()
        session.expunge(greeting)
        return greeting


def main_text(page) -> str:
    return text_of(next(parsed(page).iter("main")))


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_page_asks_for_the_code(client, language: str):
    page = client.get(f"/ales/{language}/receipt")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert by_id(page, "code").get("autocomplete") == "off"


@pytest.mark.parametrize(("language", "accepted"), [("be", "прыня"), ("en", "accepted"), ("ru", "приня")])
def test_what_has_just_come_is_not_called_accepted(
    client, house: House, action: Action, language: str, accepted: str
):
    sender = Sender(client, language)
    fresh = sender.send()
    assert accepted not in text_of(next(parsed(fresh).iter("h1"))).casefold()
    assert (
        accepted
        in main_text(
            sender.receipt(with_code(house, action, State.APPROVED, granted=frozenset({Use.POST})))
        ).casefold()
    )


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_page_in_every_language(
    client, house: House, action: Action, state: State, language: str
):
    code = with_code(house, action, state, photos=1)
    page = Sender(client, language).receipt(code)
    assert page.status_code == 200
    assert state_of(page) == state
    if state not in {State.WITHDRAWN, State.ERASED}:
        assert code_of(page) == code


def test_a_code_is_read_as_people_type_it(sender: Sender, house: House, action: Action):
    code = with_code(house, action)
    for typed in (code.lower(), code.replace(" ", ""), code.replace(" ", "-"), f"  {code}\t"):
        page = sender.receipt(typed, do=None)
        assert (page.status_code, code_of(page)) == (200, code)


@pytest.mark.parametrize("code", ["", "AAAA BBBB CCCC DDDD", "' OR 1=1 --", "\x00", "я" * 3000, "💌"])
@pytest.mark.parametrize("do", ["status", "withdraw", "revoke", "save", None])
def test_a_wrong_code_gets_a_kind_sentence_and_does_nothing(
    sender: Sender, house: House, action: Action, code: str, do: str | None
):
    with_code(house, action, State.APPROVED)
    page = sender.receipt(code, do=do, uses="gallery")
    assert page.status_code == 422
    assert text_of(by_id(page, "code-error"))
    assert the_greeting(house).state is State.APPROVED
    assert the_greeting(house).granted == set(Use)


def test_a_greeting_on_the_wall_is_linked_from_its_receipt(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED)
    page = sender.receipt(code)
    link = f"/ales/en/greetings/{the_greeting(house).id}"
    assert link in [element.get("href") for element in parsed(page).iter("a")]
    assert sender.client.get(link).status_code == 200


def test_a_code_works_on_the_receipt_page_of_any_action(client, house: House, action: Action):
    with house.database.work() as session:
        make_action(session, slug="maria")
    code = with_code(house, action, State.APPROVED)
    page = Sender(client, action="maria").receipt(code)
    links = [element.get("href") for element in parsed(page).iter("a")]
    assert f"/ales/en/greetings/{the_greeting(house).id}" in links


@pytest.mark.parametrize("reason", Reason)
def test_a_rejection_says_why_and_what_can_be_done(
    sender: Sender, house: House, action: Action, reason: Reason
):
    code = with_code(house, action)
    with house.database.work() as session:
        greeting = greeting_to_change(session, the_greeting(house).id)
        take_step(house, session, greeting, Step.REJECT, actor="somebody", reason=reason)
    page = sender.receipt(code)
    assert state_of(page) == "rejected"
    with house.database.reading() as session:
        words = find_words(session, reason, "en")
    assert words is not None
    assert words.why in main_text(page)
    assert words.now in main_text(page)
    assert "/ales/en/send" in [element.get("href") for element in parsed(page).iter("a")]
    assert "somebody" not in main_text(page)


def test_withdrawing_from_outside_needs_the_code_only(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED, photos=1)
    link = f"/ales/en/greetings/{the_greeting(house).id}"
    page = sender.receipt(code, do="withdraw")
    assert (page.status_code, state_of(page)) == (200, "withdrawn")
    assert "can’t be called back" in main_text(page)
    assert sender.client.get(link).status_code == 410
    assert state_of(sender.receipt(code)) == "withdrawn"
    assert state_of(sender.receipt(code, do="withdraw")) == "withdrawn"


def test_on_our_page_withdrawing_stands_behind_its_own_tick(sender: Sender, house: House, action: Action):
    page = sender.receipt(with_code(house, action))
    tick = by_id(page, "sure")
    assert tick.get("aria-invalid") == "false", "browsers call it invalid before anybody has touched it"
    assert tick.get("required") is not None
    assert tick.get("checked") is None


def test_each_consent_can_be_taken_back_by_itself(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED, photos=1)
    page = sender.receipt(code, do="revoke", uses="gallery")
    assert (page.status_code, state_of(page)) == (200, "approved")
    assert the_greeting(house).granted == {Use.POST, Use.EVENTS, Use.PRESS}
    offered = [
        element.get("value") for element in parsed(page).iter("input") if element.get("name") == "uses"
    ]
    assert offered == ["post", "events", "press"]
    assert "You took back:Shown on the wall" in main_text(page)
    again = sender.receipt(code, do="revoke", uses="gallery")
    assert "You took back:" not in main_text(again), "what was taken back before is not told as new"
    assert sender.client.get(f"/ales/en/greetings/{the_greeting(house).id}").status_code == 404


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED])
def test_with_every_consent_taken_back_the_page_says_that_nobody_sees_it(
    sender: Sender, house: House, action: Action, state: State
):
    code = with_code(house, action, state)
    page = sender.receipt(code, do="revoke", uses=list(Use))
    assert "Nobody sees it now" in main_text(page)
    assert text_of(next(parsed(page).iter("h1"))) == "Your greeting is shown to nobody"
    assert "A moderator looks at it" not in main_text(page)
    assert the_greeting(house).text


@pytest.mark.parametrize("do", ["revoke", "withdraw"])
def test_who_took_everything_back_is_thanked_and_asked_for_nothing(
    sender: Sender, house: House, action: Action, do: str
):
    code = with_code(house, action, State.APPROVED)
    assert "Bring someone along" in main_text(sender.receipt(code))
    page = sender.receipt(code, do=do, uses=list(Use))
    assert "Thank you for your good wish" in main_text(page)
    assert "Bring someone along" not in main_text(page)
    assert "Pass it on" not in main_text(page)


def test_what_may_still_be_shown_at_events_is_not_called_unseen(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED)
    page = sender.receipt(code, do="revoke", uses=["gallery", "post", "press"])
    assert "Nobody sees it now" not in main_text(page)


def test_unknown_uses_and_unknown_wishes_change_nothing(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED)
    assert sender.receipt(code, do="revoke", uses=["everything", "<b>"]).status_code == 200
    assert sender.receipt(code, do="explode").status_code == 200
    assert the_greeting(house).granted == set(Use)
    assert the_greeting(house).state is State.APPROVED


def test_a_use_that_a_moderator_held_back_is_told(sender: Sender, house: House, action: Action):
    code = with_code(house, action, State.APPROVED)
    with house.database.work() as session:
        greeting = greeting_to_change(session, the_greeting(house).id)
        set_uses(house, session, greeting, actor="somebody", disallowed={Use.PRESS})
    assert "a moderator decided against it" in text_of(by_id(sender.receipt(code), "use-press"))


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_code_is_saved_as_a_file_and_never_stands_in_an_address(
    client, house: House, action: Action, language: str
):
    code = with_code(house, action)
    sender = Sender(client, language)
    saved = sender.receipt(code, do="save")
    assert saved.mimetype == "text/plain"
    assert saved.headers["Content-Disposition"].startswith("attachment; filename=")
    assert saved.headers["Cache-Control"] == "no-store"
    text = saved.get_data(as_text=True)
    assert code in text
    assert f"{house.settings.url}/ales/{language}/receipt" in text
    page = sender.receipt(code)
    compact = code.replace(" ", "")
    for element in parsed(page).iter():
        for name in ("href", "action", "src"):
            assert compact not in (element.get(name) or "").replace("%20", "").replace("+", "")


@pytest.mark.parametrize(
    ("state", "words"),
    [(ActionState.OPEN, "Printed and posted"), (ActionState.RELEASED, "Printed and passed on")],
)
def test_nothing_is_on_its_way_to_a_prison_that_let_the_person_go(
    sender: Sender, house: House, action: Action, state: ActionState, words: str
):
    code = with_code(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = state
    way = next(parsed(sender.receipt(code)).iter("ol"))
    assert words in text_of(way)


@pytest.mark.parametrize(
    ("language", "words"), [("be", "Надрукавана і перададзена"), ("ru", "Напечатано и передано")]
)
def test_the_way_of_a_greeting_to_someone_at_home_says_what_was_done_and_not_what_to_do(
    client, house: House, action: Action, language: str, words: str
):
    code = with_code(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.RELEASED
    way = next(parsed(Sender(client, language).receipt(code)).iter("ol"))
    assert words in text_of(way)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_words_on_the_receipt_never_end_a_line_with_a_letter(
    client, house: House, action: Action, language: str
):
    code = with_code(house, action, State.APPROVED, text="Помнім і чакаем", language="be")
    page = Sender(client, language).receipt(code)
    assert "на\u00a0с" in "".join(next(parsed(page).iter("h1")).itertext())
    assert "і\u00a0чакаем" in "".join(by_id(page, "receipt-words").itertext())


def test_ones_own_words_keep_their_lines_where_no_style_is_read(sender: Sender, house: House, action: Action):
    """Text browsers don't know that a line break in the source means one."""
    page = sender.receipt(with_code(house, action, text="Dear Ales,\nhold on!\n\nYours, M."))
    first, second = by_id(page, "receipt-words").iter("p")
    assert ([*first.itertext()], [one.tag for one in first]) == (["Dear Ales,", "hold on!"], ["br"])
    assert [*second.itertext()] == ["Yours, M."]


@pytest.mark.parametrize(
    ("words", "language"), [("Sto lat, Aleś!", ""), ("С днём рождения!", "ru"), ("Сонца Вам і ўсмешак", "be")]
)
def test_ones_own_words_are_read_aloud_in_their_language_or_in_none(
    client, house: House, action: Action, words: str, language: str
):
    """The form that they came from says little: a Belarusian voice can't read Polish."""
    page = Sender(client, "be").receipt(with_code(house, action, text=words, language="be"))
    assert by_id(page, "receipt-words").get("lang") == language


def test_times_are_shown_to_the_day(sender: Sender, house: House, action: Action):
    page = sender.receipt(with_code(house, action))
    assert "18\xa0September\xa02012".replace("2012", "2026") in page.get_data(as_text=True)
    assert "14:" not in main_text(page)


def test_trying_codes_is_slowed_down(house: House, action: Action):
    from dataclasses import replace

    from greetings.app import create_app
    from greetings.web.limits import limiter
    from tests.pages import PageClient

    house.settings = replace(house.settings, rate_limits=True)
    app = create_app(house.settings, house)
    app.test_client_class = PageClient
    sender = Sender(app.test_client())  # type: ignore[arg-type]
    sender.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    with app.app_context():
        limiter.reset()
    pages = [sender.receipt(f"AAAA BBBB CCCC {number:04}") for number in range(61)]
    with app.app_context():
        limiter.reset()
    assert [page.status_code for page in pages] == [422] * 60 + [429]
    last, minutes = pages[-1], -(-int(pages[-1].headers["Retry-After"]) // 60)
    assert 2 < minutes <= 10, "as long as the count lasts"
    assert f"Please wait {minutes} minutes" in text_of(by_id(last, "main"))
    assert 'href="/ales/en/"' in last.get_data(as_text=True), "it knows its action"
    assert int(pages[-1].headers["Retry-After"]) > 0


def test_the_whole_way_back_of_a_sender(sender: Sender, house: House):
    code = code_of(sender.send(photo(), name="Ганна"))
    assert state_of(sender.receipt(code)) == "pending"
    assert state_of(sender.receipt(code, do="withdraw")) == "withdrawn"
    assert list(house.storage.files("private")) == []
    again = sender.send(photo(), name="Ганна")
    assert (again.status_code, state_of(again)) == (201, "withdrawn")
    assert list(house.storage.files("private")) == []


@pytest.mark.parametrize(
    ("state", "invites"), [(State.PENDING, True), (State.APPROVED, True), (State.REJECTED, False)]
)
def test_whoever_sent_a_greeting_can_bring_someone_along(
    client, house: House, action: Action, state: State, invites: bool
):
    code = with_code(house, action, state)
    html = client.post("/ales/be/receipt", data={"code": code, "do": "status"}).get_data(as_text=True)
    assert ("/ales/be/posters/own" in html) == invites
    assert ("https://t.me/share/url?url=http%3A//127.0.0.1%3A8000/ales/be/" in html) == invites
    share = html.partition('class="share"')[2].partition("</section>")[0]
    assert code not in share, "the code is nobody else's"


def test_no_birthday_poster_is_asked_for_someone_who_has_come_home(client, house: House, action: Action):
    code = with_code(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.RELEASED
    html = Sender(client, "en").receipt(code).get_data(as_text=True)
    assert "Bring someone along" not in html
    assert "Pass it on" in html
