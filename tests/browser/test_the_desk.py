"""The desk in a real browser: clearing by key and by thumb, together, on a sheet, over pictures, without a script."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from os import environ
from typing import Any
from urllib.parse import unquote

import pytest
from babel.dates import get_month_names
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from greetings.accounts import sessions
from greetings.accounts.models import Moderator
from greetings.actions.models import Action
from greetings.audit.models import AuditEntry
from greetings.db.session import Database
from greetings.house import House, open_house
from greetings.imaging import RENDITIONS
from greetings.settings import CHECKOUT, load_settings
from greetings.submissions.files import private_key
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind, Reason, State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.patience import answer_for, find_the_network, hold_back, lose_the_network, until
from tests.browser.site import Site, enrol
from tests.factories import make_greeting, picture_bytes

pytestmark = pytest.mark.browser

Send = Callable[..., list[str]]


class Room:
    """A site of its own with two moderators, and what its database says."""

    def __init__(self, site: Site, ana: BrowserContext, ben: BrowserContext) -> None:
        self.site, self.ana, self.ben = site, ana, ben
        self._settings = load_settings({"GREETINGS_DATA": str(site.data), "GREETINGS_RATE_LIMITS": "off"})

    def send(self, count: int, *, photos: int = 0, **facts: Any) -> list[str]:
        """So many greetings into the queue; nothing else waits in it."""
        with closing(open_house(self._settings)) as house, house.database.work() as session:
            for left in session.scalars(select(Greeting).where(Greeting.state == State.PENDING)).all():
                take_step(house, session, left, Step.REJECT, actor="system", reason=Reason.NOT_A_GREETING)
            action = session.scalars(select(Action)).one()
            made = [
                make_greeting(house, session, action, state=State.PENDING, text=f"Wish {number}", **facts)
                for number in range(count)
            ]
            for greeting in made if photos else ():
                _give_photo(house, session, greeting)
            return [greeting.id for greeting in made]

    def add(self, **facts: Any) -> list[str]:
        """One more greeting behind those that wait."""
        with closing(open_house(self._settings)) as house, house.database.work() as session:
            action = session.scalars(select(Action)).one()
            return [make_greeting(house, session, action, state=State.PENDING, **facts).id]

    def states(self, ids: list[str]) -> list[str]:
        """What became of each."""
        with self._reading() as session:
            rows = {row.id: row.state.value for row in session.scalars(select(Greeting))}
            return [rows[one] for one in ids]

    def until(self, ids: list[str], *wanted: str) -> None:
        """Wait until this became of the first of them: the page goes on before the server has answered."""
        until(lambda: tuple(self.states(ids)[: len(wanted)]), lambda seen: seen == wanted)

    def acts(self, greeting_id: str) -> list[str]:
        """What the log says of it."""
        with self._reading() as session:
            found = select(AuditEntry.act).where(AuditEntry.subject == greeting_id)
            return list(session.scalars(found.order_by(AuditEntry.number)))

    def withdraw(self, greeting_id: str) -> None:
        """What its sender does meanwhile."""
        with closing(open_house(self._settings)) as house, house.database.work() as session:
            greeting = greeting_to_change(session, greeting_id)
            take_step(house, session, greeting, Step.WITHDRAW, actor="sender")

    def ask_for_two(self, *, yes: bool) -> None:
        """Whether greetings need two different moderators from now on."""
        database = Database(self._settings.database_url)
        try:
            with database.work() as session:
                session.execute(update(Action).values(needs_two=yes))
        finally:
            database.close()

    def sign_in_anew(self, who: BrowserContext) -> None:
        """What Ana does in another tab of her browser: a new session, under which forms need another token."""
        with closing(open_house(self._settings)) as house, house.database.work() as session:
            ana = session.scalars(select(Moderator).where(Moderator.name == "Ana")).one()
            token = sessions.begin(house, session, ana, is_complete=True).token
        who.add_cookies([{"name": "desk", "value": token, "url": f"{self.site.url}/desk/queue"}])

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        database = Database(self._settings.database_url)
        try:
            with database.reading() as session:
                yield session
        finally:
            database.close()

    def open(self, who: BrowserContext, path: str = "/desk/queue") -> Page:
        page = who.new_page()
        page.goto(self.site.url + path)
        return page

    def open_with_the_next(self, who: BrowserContext) -> Page:
        """The queue of somebody who is about to be signed out: what comes next has been brought already."""
        page = who.new_page()
        with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
            page.goto(f"{self.site.url}/desk/queue")
        return page


def _give_photo(house: House, session: Session, greeting: Greeting) -> None:
    from greetings.submissions.likeness import note_likeness
    from greetings.submissions.service import _photo

    picture = house.pictures.take_in(picture_bytes("JPEG", (800, 600)))
    photo = _photo(0, picture)
    for rendition in RENDITIONS:
        house.storage.put(private_key(photo.private_name, rendition), picture.renditions[rendition.name])
    greeting.photos.append(photo)
    session.flush()
    note_likeness(session, greeting)


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    data = tmp_path_factory.mktemp("desk") / "data"
    site = Site.start(data, prints=False)
    try:
        ana = enrol(browser, site.sign_in_link)
        invite = [sys.executable, "-m", "greetings", "invite", "--role", "moderator"]
        given = {**environ, "GREETINGS_DATA": str(data), "GREETINGS_URL": site.url}
        said = subprocess.run(invite, cwd=CHECKOUT, env=given, capture_output=True, text=True, check=True)
        link = next(word for word in said.stdout.split() if "/desk/join/" in word)
        ben = enrol(browser, link, "ben@example.org", "Ben")
        yield Room(site, ana, ben)
    finally:
        site.stop()


def on_the_table(page: Page) -> str | None:
    return page.get_attribute("#bench", "data-id")


def until_seen(page: Page) -> None:
    """Wait until the picture is there: nobody approves what they have not seen."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('#bench .mat img')].every((one) => one.complete)"
    )


def keep_unheard(page: Page) -> None:
    """From here on a page hears by itself nothing of what others do, however long a busy machine takes."""
    answer_for(page, "**/desk/claims", lambda asked: asked.abort())


def press(page: Page, key: str) -> None:
    """Press a key once the picture is there, and wait for the next item."""
    until_seen(page)
    here = on_the_table(page)
    page.keyboard.press(key)
    page.wait_for_function("(id) => document.getElementById('bench').dataset.id !== id", arg=here)


def test_a_run_is_cleared_by_keyboard_and_undone(room: Room):
    ids = room.send(8, photos=1)
    page = room.open(room.ana)
    for number in range(8):
        if number % 4 == 3:
            page.keyboard.press("r")
            press(page, "3")
        else:
            press(page, "a")
    expect(page.locator("main")).to_contain_text("Everything is answered")
    said = page.locator(".empty").bounding_box()
    assert said
    assert said["width"] > 500
    assert room.states(ids) == ["approved", "approved", "approved", "rejected"] * 2
    expect(page.locator("[data-waiting]")).to_have_text("0")
    page.keyboard.press("u")
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[-1])
    assert room.states(ids)[-1] == "pending"
    page.close()


def test_undo_brings_back_what_was_just_decided(room: Room):
    ids = room.send(3)
    page = room.open(room.ana)
    press(page, "a")
    page.locator("[data-undo] button").wait_for()
    page.keyboard.press("u")
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[0])
    assert room.states(ids)[0] == "pending"
    assert room.acts(ids[0]) == ["approve", "reopen"]
    page.close()


def test_undo_takes_back_the_last_decision_though_its_answer_overtook_another(room: Room):
    ids = room.send(4)
    page = room.open(room.ana)
    held = hold_back(page, f"**/{ids[0]}/approve")
    press(page, "a")
    press(page, "a")
    page.locator("[data-undo] button").wait_for()
    held[0].continue_()
    room.until(ids, "approved", "approved")
    page.keyboard.press("u")
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[1])
    assert room.states(ids)[:2] == ["approved", "pending"]
    page.close()


def test_undo_shows_the_undone_one_though_another_was_given_it_meanwhile(room: Room):
    """And though an answer about how it stood before comes late."""
    ids = room.send(3)
    page = room.open(room.ana)
    late = hold_back(page, "**/desk/claims")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # tells what lies on the screen
    press(page, "a")
    expect(page.locator("[data-undo] button")).to_be_visible()
    assert room.states(ids)[0] == "approved"
    until(lambda: late, page=page)
    said_before = late[0].fetch()
    assert said_before.json()["changed"][0]["id"] == ids[0]
    others: list[str | None] = []

    def let_ben_look_first(route: Route) -> None:
        theirs = room.open(room.ben)
        others.append(on_the_table(theirs))
        theirs.close(run_before_unload=False)
        route.continue_()

    answer_for(page, "**/desk/queue?at=*", let_ben_look_first)
    page.keyboard.press("u")
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[0])
    assert others == [ids[0]]
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/desk/claims")):
        late[0].fulfill(response=said_before)
    page.wait_for_timeout(300)  # what must not follow
    assert on_the_table(page) == ids[0]
    expect(page.locator("#lines")).not_to_contain_text("Not done.")
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def test_the_first_of_two_moderators_passes_it_on_to_the_second(room: Room):
    ids = room.send(1)
    room.ask_for_two(yes=True)
    try:
        anas, bens = room.open(room.ana), room.open(room.ben)
        expect(bens.locator("main")).to_contain_text("Others have the rest")
        anas.keyboard.press("a")
        expect(anas.locator("main")).to_contain_text("Now it is others’ turn")
        expect(anas.locator("#lines")).to_contain_text("Now somebody else must approve it, too.")
        assert room.states(ids) == ["pending"]
        expect(bens.locator("#bench")).to_have_attribute("data-id", ids[0])
        expect(bens.locator("#bench")).to_contain_text("One more approval is needed.")
        bens.keyboard.press("a")
        expect(bens.locator("main")).to_contain_text("Everything is answered")
        assert room.states(ids) == ["approved"]
        anas.close()
        bens.close()
    finally:
        room.ask_for_two(yes=False)


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_line_of_a_decision_leaves_the_keys_free(room: Room, browser: Browser, width: int):
    ids = room.send(2)
    room.ask_for_two(yes=True)
    context = browser.new_context(
        storage_state=room.ana.storage_state(), viewport={"width": width, "height": 768}
    )
    try:
        page = room.open(context, f"/desk/queue?at={ids[0]}")
        press(page, "a")
        said = page.locator("[data-done]").bounding_box()
        bar = page.locator(".decide").bounding_box()
        assert said
        assert bar
        assert page.evaluate(
            "(done) => done.scrollHeight <= done.clientHeight", page.query_selector("[data-done]")
        )
        assert said["y"] >= bar["y"]
        for key in page.locator(".decide .key:visible").all():
            box = key.bounding_box()
            assert box
            assert box["x"] + box["width"] <= said["x"] or said["x"] + said["width"] <= box["x"]
    finally:
        room.ask_for_two(yes=False)
        context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_telephone_the_line_of_a_decision_leaves_keys_with_long_words_free(
    room: Room, browser: Browser, width: int
):
    room.send(2)
    context = browser.new_context(
        storage_state=room.ana.storage_state(), viewport={"width": width, "height": 844}
    )
    page = room.open(context, "/desk/queue?lang=ru")
    page.locator(".decide .key.yes").click()
    said = page.locator("[data-done]").bounding_box()
    bar = page.locator(".decide").bounding_box()
    assert said
    assert bar
    assert said["y"] + said["height"] <= bar["y"] + 1
    context.close()


def test_the_keys_are_those_of_the_keyboard_whatever_letters_it_writes(room: Room):
    ids = room.send(2)
    page = room.open(room.ana)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ф', code: 'KeyA', bubbles: true}))"
    )
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[1])
    room.until(ids, "approved")
    page.close()


def test_nothing_is_decided_while_somebody_types(room: Room):
    ids = room.send(1)
    page = room.open(room.ana)
    page.locator(".notes summary").click()
    page.locator("#note").press_sequentially("a rather kind one")
    page.locator(".notes button").click()
    expect(page.locator(".note-list")).to_contain_text("a rather kind one")
    assert room.states(ids) == ["pending"]
    page.close()


def test_whoever_speaks_to_the_computer_can_do_without_single_letters(room: Room, browser: Browser):
    ids = room.send(2)
    context = browser.new_context(
        storage_state=room.ana.storage_state(), viewport={"width": 1280, "height": 900}
    )
    page = room.open(context)
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Single letters act at once").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    until_seen(page)
    for key in ("a", "r", "s", "?"):
        page.keyboard.press(key)
    expect(page.locator("#keys")).not_to_be_visible()
    expect(page.locator(".reasons.asked")).to_have_count(0)
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[0])
    expect(page.locator(".decide [aria-keyshortcuts]")).to_have_count(0)
    expect(page.locator(".decide kbd:visible")).to_have_count(0)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[1])
    expect(page.locator(".decide [aria-keyshortcuts]")).to_have_count(0)
    room.until(ids, "approved")
    page.goto(f"{room.site.url}/desk/account?lang=en")
    page.locator("#keys summary").click()
    choice = page.get_by_role("checkbox", name="Single letters act at once")
    expect(choice).not_to_be_checked()
    choice.check()
    page.goto(f"{room.site.url}/desk/queue?at={ids[1]}")
    press(page, "a")
    context.close()


def test_two_moderators_share_one_queue(room: Room):
    ids = room.send(9)
    ana, ben = room.open(room.ana), room.open(room.ben)
    assert on_the_table(ana) != on_the_table(ben)
    seen = [on_the_table(ana), on_the_table(ben)]
    for _ in range(3):
        press(ana, "a")
        press(ben, "a")
        seen += [on_the_table(ana), on_the_table(ben)]
    there = [one for one in seen if one]
    assert len(there) == len(set(there)), "nobody was given what the other had"
    until(lambda: room.states(ids).count("approved"), lambda count: count == 6)
    for page in (ana, ben):
        expect(page.locator("#lines [role=alert]")).to_have_count(0)
        page.close()


def test_whoever_comes_second_is_told_what_happened(room: Room):
    ids = room.send(3)
    ana = room.open(room.ana)
    keep_unheard(ana)
    assert on_the_table(ana) == ids[0]
    ben = room.open(room.ben, f"/desk/queue?at={ids[0]}")
    expect(ben.locator(".flags")).to_contain_text("Ana is looking at this one, too.")
    ben.keyboard.press("r")
    press(ben, "2")
    room.until(ids, "rejected")
    press(ana, "a")
    expect(ana.locator("#lines [role=alert]")).to_contain_text("Ben rejected it on")
    assert room.states(ids)[0] == "rejected"
    assert room.acts(ids[0]) == ["reject"]
    expect(ana.locator("[data-waiting]")).to_have_text("2")
    ana.close()
    ben.close()


def test_a_decision_outlives_a_lost_connection(room: Room):
    ids = room.send(4)
    page = room.open(room.ana)
    answer_for(page, "**/approve", lambda route: route.abort("internetdisconnected"))
    press(page, "a")
    expect(page.locator("[data-said]")).to_contain_text("Your decision is kept")
    assert room.states(ids)[0] == "pending"
    page.unroute("**/approve")
    page.locator("[data-undo] button").wait_for()
    assert room.states(ids)[0] == "approved"
    assert room.acts(ids[0]) == ["approve"]
    page.close()


def test_whoever_is_signed_out_is_led_to_the_door_and_back_to_the_same_greeting(room: Room, browser: Browser):
    ids = room.send(3)
    again = browser.new_context(storage_state=room.ana.storage_state(), locale="en-GB")
    page = room.open_with_the_next(again)
    here = on_the_table(page)
    again.clear_cookies()
    press(page, "a")
    line = page.locator("#lines [role=alert]")
    expect(line).to_contain_text("You are signed out, so this was not done.")
    assert room.states(ids)[0] == "pending"
    line.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/desk/sign-in?**")
    assert f"at={here}" in unquote(page.url)
    again.close()


@pytest.fixture
def again(room: Room, browser: Browser) -> Iterator[BrowserContext]:
    """Another browser that Ana is signed in with, to be signed out in."""
    context = browser.new_context(storage_state=room.ana.storage_state(), locale="en-GB")
    yield context
    context.close()


def test_a_decision_goes_on_though_its_moderator_signed_in_anew_meanwhile(room: Room, again: BrowserContext):
    ids = room.send(4)
    page = room.open(again)
    room.sign_in_anew(again)
    press(page, "a")
    page.locator("[data-undo] button").wait_for()
    press(page, "a")
    room.until(ids, "approved", "approved")
    press(page, "u")
    room.until(ids, "approved", "pending")
    expect(page.locator("#lines [role=alert]")).to_have_count(0)


def test_nobody_decides_from_a_page_that_names_somebody_else(room: Room, again: BrowserContext):
    ids = room.send(2)
    page = room.open_with_the_next(again)
    bens = next(one["value"] for one in room.ben.cookies() if one["name"] == "desk")
    again.add_cookies([{"name": "desk", "value": bens, "url": f"{room.site.url}/desk/queue"}])
    press(page, "a")
    line = page.locator("#lines [role=alert]")
    expect(line).to_contain_text("Not done. The server refused it. Please reload the page and try again.")
    assert room.states(ids) == ["pending", "pending"]


def test_a_decision_the_server_refused_is_not_called_unanswered(room: Room):
    ids = room.send(3)
    page = room.open(room.ana)
    answer_for(page, "**/approve", lambda asked: asked.fulfill(status=403, json={"error": 403}))
    press(page, "a")
    line = page.locator("#lines [role=alert]")
    expect(line).to_contain_text("Not done. The server refused it. Please reload the page and try again.")
    assert room.states(ids)[0] == "pending"
    expect(page.locator("[data-waiting]")).to_have_text("3")
    page.close()


@pytest.mark.parametrize("status", [500, 507])
def test_a_decision_the_server_could_not_make_is_not_called_unanswered(room: Room, status: int):
    ids = room.send(2)
    page = room.open(room.ana)
    answer_for(page, "**/approve", lambda asked: asked.fulfill(status=status, json={"error": status}))
    press(page, "a")
    line = page.locator("#lines [role=alert]")
    expect(line).to_contain_text("Not done. The server could not do it: it is out of room")
    assert room.states(ids)[0] == "pending"
    page.close()


def test_a_selection_is_decided_on_the_sheet_by_keyboard(room: Room):
    ids = room.send(6)
    page = room.open(room.ana, "/desk/sheet")
    assert page.locator("input[name=pick]:checked").count() == 0
    page.keyboard.press("a")
    expect(page.locator("[data-said]")).to_have_text("Nothing is ticked yet.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("[data-picked]")).to_have_text("Ticked: 2")
    page.keyboard.press("a")
    expect(page.locator("#lines")).to_contain_text("2 are decided.")
    assert room.states(ids) == ["approved", "pending", "approved", "pending", "pending", "pending"]
    page.wait_for_load_state()  # the words of the new page come before its keys
    page.keyboard.press("u")
    expect(page.locator("#lines")).to_contain_text("2 are back in the queue.")
    page.wait_for_load_state()
    page.locator(".cell .thumb").nth(1).click()
    page.locator(".cell .thumb").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("Ticked: 3")
    page.keyboard.press("r")
    page.keyboard.press("4")
    expect(page.locator("#lines")).to_contain_text("3 are decided.")
    assert room.states(ids) == ["pending", "rejected", "rejected", "rejected", "pending", "pending"]
    page.close()


def test_whoever_leaves_the_reasons_of_the_sheet_is_where_they_were(room: Room):
    room.send(2)
    page = room.open(room.ana, "/desk/sheet")
    tick = page.locator(".cell input").first
    key = page.locator(".decide [data-key=r]")
    tick.focus()
    page.keyboard.press("Space")
    for before, asks in ((tick, "r"), (key, "Enter")):
        before.press(asks)
        expect(page.locator(".reasons.asked button").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".reasons.asked")).to_have_count(0)
        expect(before).to_be_focused()
    page.close()


def test_a_sheet_loses_to_others_what_they_decide_and_a_selection_says_what_it_lost(room: Room):
    ids = room.send(4)
    anas = room.open(room.ana, "/desk/sheet")
    sheet = room.open(room.ben, "/desk/sheet")
    expect(sheet.locator(".cell.taken .tag")).to_have_text(["Ana is looking at it"] * 4)
    expect(sheet.locator("input[name=pick]:enabled, .decide")).to_have_count(0)  # nothing there to decide
    bens = room.open(room.ben, f"/desk/queue?at={ids[0]}")
    for box in anas.locator("input[name=pick]").all()[:3]:
        box.check()
    bens.keyboard.press("r")
    press(bens, "2")
    room.until(ids, "rejected")
    anas.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when she comes back to it
    expect(anas.locator(".cell.out .fate")).to_contain_text("Ben rejected it on")
    expect(anas.locator("[data-picked]")).to_have_text("Ticked: 2")
    keep_unheard(anas)
    bens.goto(f"{room.site.url}/desk/queue?at={ids[1]}")
    press(bens, "a")
    room.until(ids, "rejected", "approved")
    anas.keyboard.press("a")
    expect(anas.locator("#lines")).to_contain_text("1 is decided.")
    expect(anas.locator("#lines [role=alert]")).to_contain_text("1 was not decided:")
    expect(anas.locator(".troubles li")).to_contain_text(["Ben approved it on"])
    assert room.states(ids) == ["rejected", "approved", "approved", "pending"]
    assert [room.acts(one) for one in ids] == [["reject"], ["approve"], ["approve"], []]
    for page in (anas, sheet, bens):
        page.close()


def test_a_face_is_covered_by_keyboard_alone_and_given_back(room: Room):
    (greeting,) = room.send(1, photos=1, wants_faces_covered=True)
    page = room.open(room.ana)
    page.keyboard.press("a")
    expect(page.locator("[data-said]")).to_contain_text("nobody has confirmed the covers")
    page.keyboard.press("f")
    page.wait_for_url("**/cover**")
    page.locator("[data-tools]").wait_for()
    page.keyboard.press("n")
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    values = [one.input_value() for one in page.locator(".box-rows fieldset").first.locator("input").all()]
    assert values == ["39.00", "29.00", "21.00", "26.00"]
    key_on_the_picture(page, "Enter", "burnt in")
    key_on_the_picture(page, "u", "as it was before")
    page.keyboard.press("n")
    key_on_the_picture(page, "Enter", "burnt in")
    page.keyboard.press("y")
    page.wait_for_url("**/desk/queue?at=*")
    press(page, "a")
    room.until([greeting], "approved")
    assert room.acts(greeting) == ["cover", "uncover", "cover", "confirm-covers", "approve"]
    page.close()


def key_on_the_picture(page: Page, key: str, said: str) -> None:
    """Press a key that leads to the same page anew, and wait until its tools are there."""
    page.keyboard.press(key)
    expect(page.locator(".notice.ok")).to_contain_text(said)
    page.locator("[data-tools]").wait_for()


def test_what_was_drawn_outlives_a_lost_line_and_a_session_that_ended(room: Room, again: BrowserContext):
    (greeting,) = room.send(1, photos=1, wants_faces_covered=True)
    page = room.open(again, f"/desk/greetings/{greeting}/cover")
    page.locator("[data-tools]").wait_for()
    page.keyboard.press("n")
    page.keyboard.press("ArrowLeft")
    left = page.locator(".box-rows fieldset").first.locator("input").first
    said = page.locator("[data-said]")
    lose_the_network(page)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("The server did not answer")
    find_the_network(page)
    again.clear_cookies()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("this page keeps everything")
    expect(said.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    expect(left).to_have_value("39.00")
    room.sign_in_anew(again)
    key_on_the_picture(page, "Enter", "burnt in")
    assert room.acts(greeting) == ["cover"]


def test_covers_for_what_was_taken_back_meanwhile_are_told_so(room: Room):
    (greeting,) = room.send(1, photos=1, wants_faces_covered=True)
    page = room.open(room.ana, f"/desk/greetings/{greeting}/cover")
    page.locator("[data-tools]").wait_for()
    page.keyboard.press("n")
    room.withdraw(greeting)
    with page.expect_navigation() as told:
        page.keyboard.press("Enter")
    assert told.value.status == 410


def about_to_add(room: Room, context: BrowserContext, words: str) -> Page:
    """The page of what came by post, with everything filled in but not sent."""
    page = room.open(context, "/desk/add")
    page.fill("textarea[name=text]", words)
    page.fill("input[name=consent_from]", "its writer, by letter")
    page.check("input[name=kind][value=text]")
    page.check("input[name=uses][value=gallery]")
    return page


def test_what_came_by_post_is_added_though_a_session_ended_meanwhile(room: Room, again: BrowserContext):
    page = about_to_add(room, again, "A card from the whole class")
    again.clear_cookies()
    page.click("[data-add] button[type=submit]")
    link = page.locator("[data-halt]").get_by_role("link")
    expect(link).to_contain_text("this page keeps everything")
    expect(link).to_have_attribute("href", "/desk/sign-in")
    room.sign_in_anew(again)
    page.click("[data-add] button[type=submit]")
    expect(page.locator("[data-added-count]")).to_have_text("1")


def test_nothing_is_added_from_a_page_that_names_somebody_else(room: Room, again: BrowserContext):
    page = about_to_add(room, again, "A letter that Ana was given")
    bens = next(one["value"] for one in room.ben.cookies() if one["name"] == "desk")
    again.add_cookies([{"name": "desk", "value": bens, "url": f"{room.site.url}/desk/queue"}])
    page.click("[data-add] button[type=submit]")
    link = page.locator("[data-halt]").get_by_role("link")
    expect(link).to_contain_text("this page keeps everything")
    expect(page.locator("textarea[name=text]")).to_have_value("A letter that Ana was given")
    room.sign_in_anew(again)
    page.click("[data-add] button[type=submit]")
    expect(page.locator("[data-added-count]")).to_have_text("1")


def test_covers_are_drawn_moved_and_taken_away_with_the_pointer(room: Room):
    (greeting,) = room.send(1, photos=1)
    page = room.open(room.ana, f"/desk/greetings/{greeting}/cover")
    canvas = page.locator(".canvas svg").bounding_box()
    assert canvas

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        for act, (x, y) in ((page.mouse.down, start), (page.mouse.up, end)):
            page.mouse.move(canvas["x"] + canvas["width"] * x, canvas["y"] + canvas["height"] * y)
            act()

    def shares() -> list[int]:
        fields = page.locator(".box-rows fieldset").first.locator("input").all()
        return [round(float(field.input_value() or 0)) for field in fields]

    drag((0.45, 0.2), (0.55, 0.4))
    drawn = shares()
    drag((0.5, 0.3), (0.55, 0.5))
    moved = shares()
    assert moved[1] - drawn[1] == pytest.approx(20, abs=1)
    assert moved[2:] == pytest.approx(drawn[2:], abs=1)
    page.keyboard.press("t")
    assert page.locator(".turn-line select").input_value() == "1"
    page.keyboard.press("Delete")
    assert shares() == [0, 0, 0, 0]
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_without_a_script_plain_forms_decide(room: Room, browser: Browser, width: int):
    ids = room.send(5)
    context = browser.new_context(
        storage_state=room.ana.storage_state(),
        java_script_enabled=False,
        viewport={"width": width, "height": 844},
    )
    page = room.open(context)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("[data-done]")).to_contain_text("Approved")
    page.locator(".reasons button").nth(1).click()
    expect(page.locator("[data-done]")).to_contain_text("Rejected")
    page.locator("[data-undo] button").click()
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[1])
    page.get_by_role("link", name="Contact sheet").click()
    for place in (1, 2):
        page.locator("input[name=pick]").nth(place).check()
    page.get_by_role("button", name="Approve what is ticked").click()
    expect(page.locator("#lines")).to_contain_text("2 are decided.")
    assert room.states(ids) == ["approved", "pending", "approved", "approved", "pending"]
    context.close()


def test_a_thumb_reaches_everything_that_decides(room: Room, browser: Browser):
    room.send(2, photos=1)
    context = browser.new_context(
        storage_state=room.ana.storage_state(), viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = room.open(context)
    for control in page.locator(".decide .key:visible, .reasons button:visible").all():
        box = control.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("button", name="Approve").tap()
    page.locator("[data-undo] button").wait_for()
    context.close()


@pytest.fixture
def phone(room: Room, browser: Browser) -> Iterator[BrowserContext]:
    """Ana's telephone."""
    context = browser.new_context(
        storage_state=room.ana.storage_state(),
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    yield context
    context.close()


# from here on until a scroll has come to its end somewhere else
REST = """() => {
    const from = scrollY;
    window.rest = new Promise((rests) => addEventListener("scrollend", () => scrollY !== from && rests()));
}"""


class Finger:
    """A finger on a page, as the browser itself gets it from a screen. It lies still before it is lifted, so that
    nothing rolls on under the next one, whatever the machine has to do meanwhile.
    """

    STEP_SECONDS = 0.016
    STILL_SECONDS = 1

    def __init__(self, page: Page) -> None:
        self._page = page
        self._screen = page.context.new_cdp_session(page)
        self._now = time.time()

    def pull(self, card: Locator, dx: int, dy: int = 0, *, second_finger: bool = False) -> None:
        """Put it down in the middle of the card, pull it so far and lift it."""
        self.drag(self.middle_of(card), dx, dy, second_finger=second_finger)

    def scroll(self, start: tuple[float, float], dx: float, dy: float) -> None:
        """Pull the page from there, and wait until it lies still."""
        self._page.evaluate(REST)
        self.drag(start, dx, dy)
        self._page.evaluate("() => window.rest")

    def middle_of(self, card: Locator) -> tuple[float, float]:
        """Where to put it down, once the card is in view."""
        card.evaluate("(card) => card.scrollIntoView({ block: 'center' })")
        box = card.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 200)

    def drag(self, start: tuple[float, float], dx: float, dy: float, *, second_finger: bool = False) -> None:
        x, y = start
        self._touch("touchStart", (x, y))
        for step in range(1, 11):
            self._touch("touchMove", (x + dx * step / 10, y + dy * step / 10))
        if second_finger:
            self._touch("touchStart", (x + dx, y + dy), (x, y + 90))
        self._now += self.STILL_SECONDS
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        self._now = max(self._now + self.STEP_SECONDS, time.time())
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._screen.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches, "timestamp": self._now}
        )


def test_a_card_of_the_sheet_is_decided_by_a_swipe_and_undone(room: Room, phone: BrowserContext):
    ids = room.send(6)
    page = room.open(phone, "/desk/sheet")
    finger, cards = Finger(page), page.locator(".cell-card")
    finger.pull(cards.nth(0), 90)
    expect(page.locator("[data-told]")).to_have_text("Approved. Waiting: 5")
    expect(page.locator(".cell.out .fate")).to_have_text("Approved")
    finger.pull(cards.nth(2), -90)
    page.locator(".reasons button").nth(1).tap()
    expect(page.locator("[data-told]")).to_have_text("Rejected. Waiting: 4")
    expect(page.locator("[data-mine]")).to_have_text("4")
    assert room.states(ids) == ["approved", "pending", "rejected", "pending", "pending", "pending"]
    page.locator("[data-undo] button").tap()
    expect(page.locator("[data-told]")).to_have_text("Back in the queue. Waiting: 5")
    expect(page.locator("[data-mine]")).to_have_text("5")
    assert room.states(ids)[:3] == ["approved", "pending", "pending"]
    assert room.acts(ids[2]) == ["reject", "reopen"]
    page.close()


def test_a_swipe_is_offered_only_where_a_script_hears_it(room: Room, phone: BrowserContext, browser: Browser):
    room.send(2)
    page = room.open(phone, "/desk/sheet")
    expect(page.get_by_text("Swipe one to the right")).to_be_visible()
    page.close()
    plain = browser.new_context(
        storage_state=room.ana.storage_state(), has_touch=True, is_mobile=True, java_script_enabled=False
    )
    page = room.open(plain, "/desk/sheet")
    expect(page.locator(".cell")).to_have_count(2)
    expect(page.get_by_text("Swipe one to the right")).to_be_hidden()
    plain.close()


def test_a_sheet_of_what_others_have_fills_by_itself(room: Room):
    room.send(1)
    theirs = room.open(room.ben)
    keep_unheard(theirs)  # else they would be given the next one, too
    page = room.open(room.ana, "/desk/sheet")
    expect(page.locator(".cell.taken")).to_have_count(1)
    room.add(name="Новая")
    expect(page.locator(".cell:not(.taken)")).to_contain_text("Новая")
    theirs.close()
    page.close()


def test_what_somebody_else_did_is_said_in_local_time(room: Room, browser: Browser):
    (greeting,) = room.send(1)
    context = browser.new_context(
        storage_state=room.ana.storage_state(), timezone_id="Pacific/Kiritimati", locale="be"
    )
    page = room.open(context, f"/desk/queue?at={greeting}")
    page.click(".wide-only .desk-langs a[lang=be]")
    expect(page.locator("html")).to_have_attribute("lang", "be")
    page.wait_for_load_state()
    theirs = room.open(room.ben, f"/desk/queue?at={greeting}")
    before = datetime.now(UTC)
    press(theirs, "a")
    room.until([greeting], "approved")
    after = datetime.now(UTC)  # an hour may have turned meanwhile
    page.keyboard.press("a")
    refused = page.locator(".toasts [role=alert]")
    months = get_month_names("wide", "format", "be")
    local = [moment + timedelta(hours=14) for moment in (before, after)]
    days = "|".join(f"{at.day}\u00a0{months[at.month]}\u00a0{at.year}\u00a0года, {at:%H}:" for at in local)
    expect(refused).to_contain_text(re.compile(days))
    expect(refused).not_to_contain_text("UTC")
    refused.locator("[data-way]").click()
    hours = "|".join(f"года, {at:%H}:" for at in local)
    expect(page.locator(".history time").last).to_contain_text(re.compile(hours))
    page.click(".wide-only .desk-langs a[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    theirs.close()
    context.close()


def test_what_scripts_bring_is_in_the_language_of_their_page(room: Room):
    """A link chose it for this page alone; an item in another one would stand there half translated."""
    room.send(3)
    page = room.open(room.ana, "/desk/queue?lang=ru")
    press(page, "a")
    expect(page.locator("#bench")).to_contain_text("Одобрить")
    expect(page.locator("#bench")).not_to_contain_text("Approve")
    expect(page.locator(".toasts")).to_contain_text("Одобрено")
    page.goto(f"{room.site.url}/desk/queue")
    expect(page.locator("#bench")).to_contain_text("Approve")
    page.close()


def test_a_swipe_decides_nothing_by_accident(room: Room, phone: BrowserContext):
    long = "Мы пра Вас помнім і чакаем дома. " * 12
    ids = room.send(12)
    (uncovered,) = room.add(wants_faces_covered=True)
    (cut,) = room.add(text=long)
    page = room.open(phone, "/desk/sheet")
    finger, cards = Finger(page), page.locator(".cell-card")
    finger.pull(cards.nth(1), 50)  # too short
    finger.pull(cards.nth(1), 90, -90)  # too steep
    finger.pull(cards.nth(1), 90, second_finger=True)
    finger.pull(cards.nth(2), -90)
    page.keyboard.press("Escape")  # no reason was chosen
    finger.scroll(finger.middle_of(cards.nth(5)), 12, -220)
    expect(page.locator(".cell.out, .cell:has(:checked)")).to_have_count(0)
    for one, way in ((uncovered, "cover"), (cut, "queue")):
        finger.pull(page.locator(f"[data-id='{one}'] .cell-card"), 90)  # not all of it was to be seen
        page.wait_for_url(f"**/{way}*")
        page.go_back()
    assert set(room.states([*ids, uncovered, cut])) == {"pending"}
    page.close()


def test_an_item_of_the_queue_is_decided_by_a_swipe(room: Room, phone: BrowserContext):
    ids = room.send(3, photos=1)
    page = room.open(phone)
    finger = Finger(page)
    until_seen(page)
    finger.pull(page.locator(".mat"), 150)
    expect(page.locator("#bench")).to_have_attribute("data-id", ids[1])
    expect(page.locator("[data-told]")).to_have_text("Approved. Waiting: 2")
    until_seen(page)
    finger.pull(page.locator(".mat"), -150)
    page.locator(".reasons.asked button").nth(2).tap()
    expect(page.locator("[data-told]")).to_have_text("Rejected. Waiting: 1")
    assert room.states(ids) == ["approved", "rejected", "pending"]
    page.close()


def test_faces_are_covered_by_finger_and_the_page_still_scrolls(room: Room, phone: BrowserContext):
    (greeting,) = room.send(1, photos=1)
    page = room.open(phone, f"/desk/greetings/{greeting}/cover")
    page.set_viewport_size({"width": 390, "height": 640})  # there is more than fits
    finger = Finger(page)
    page.locator("[data-tools]").wait_for()

    def spot(across: float, down: float) -> tuple[float, float]:
        box = page.locator(".canvas svg").bounding_box()
        assert box
        return box["x"] + box["width"] * across, box["y"] + box["height"] * down

    def covers() -> list[list[int]]:
        rows = page.locator(".box-rows fieldset").all()
        values = [[one.input_value() for one in row.locator("input").all()] for row in rows]
        return [[round(float(value)) for value in row] for row in values if row[0]]

    finger.scroll(spot(0.5, 0.8), 4, -120)
    assert page.evaluate("scrollY") > 0
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 0)")
    assert covers() == []
    page.touchscreen.tap(*spot(0.3, 0.3))
    (put,) = covers()
    finger.drag(spot(0.3, 0.3), 72, 40)
    (moved,) = covers()
    assert moved[0] > put[0]
    assert moved[2:] == put[2:]
    corner = page.locator(".box.chosen .reach").nth(2).bounding_box()
    assert corner
    assert min(corner["width"], corner["height"]) == pytest.approx(44, abs=0.5)
    finger.drag((corner["x"] + 22, corner["y"] + 22), 40, 40)
    assert covers()[0][2] > moved[2]
    page.locator("[data-do=undo]").tap()
    assert covers() == [moved]
    page.locator("[data-do=draw]").tap()
    finger.drag(spot(0.1, 0.6), 80, 50)
    assert len(covers()) == 2
    page.locator("[data-do=delete]").tap()
    assert covers() == [moved]
    assert page.evaluate("scrollY") == 0
    page.close()


UNDER_THE_BAR = """(all) => all.filter((one) => {
    const bar = document.querySelector(".save-bar, .decide")
    if (!one.checkVisibility() || bar.contains(one)) return false
    if (one !== document.activeElement) one.scrollIntoView({ block: "nearest", behavior: "instant" })
    const box = one.getBoundingClientRect()
    return box.width > 2 && bar.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))
}).map((one) => one.outerHTML.slice(0, 99))"""


@pytest.mark.parametrize("page_name", ["cover", "queue", "sheet", "reason", "action"])
def test_what_is_reached_stands_clear_of_the_bar(room: Room, phone: BrowserContext, page_name: str):
    """By Tab, or by whatever brings it into view: the bar at the bottom of a phone lies over nothing one uses."""
    (greeting, *_others) = room.send(7, photos=1, wants_faces_covered=True, kind=Kind.PHOTO)
    paths = {
        "cover": f"/desk/greetings/{greeting}/cover",
        "queue": f"/desk/queue?at={greeting}",
        "sheet": "/desk/sheet",
        "reason": "/desk/reasons/add",
        "action": "/desk/actions/ales",
    }
    page = room.open(phone, paths[page_name])
    page.locator(".save-bar, .decide").wait_for()
    controls = page.locator("main :is(a[href], button, input, select, textarea, summary)")
    assert controls.evaluate_all(UNDER_THE_BAR) == []
    page.evaluate("scrollTo(0, 0)")
    for _stop in range(60):
        page.keyboard.press("Tab")
        assert page.locator("main :focus").evaluate_all(UNDER_THE_BAR) == []
    page.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_telephone_number_is_read_as_one(room: Room, browser: Browser, width: int):
    """On one line, in its own order, wherever it stands; and no card is too narrow for its words."""
    numbers = ["+375 29 123-45-67", "+375 (29) 123-45-67", "80291234567"]
    room.send(0)
    often = " ".join(f"{'я' * place} {numbers[place % 3]}," for place in range(1, 30))
    (first,) = room.add(text=often)
    for place in range(12):
        room.add(text=f"{'я' * place} {numbers[place % 3]}, {numbers[place % 2]}")
    context = browser.new_context(
        storage_state=room.ana.storage_state(), viewport={"width": width, "height": 844}
    )
    for path in (f"/desk/queue?at={first}", "/desk/sheet", f"/desk/greetings/{first}"):
        page = room.open(context, path)
        marks = page.locator("main mark:visible")
        marks.first.wait_for()
        lines = marks.evaluate_all("(all) => all.map((one) => one.getClientRects().length)")
        if width > 320 or "sheet" not in path:
            assert set(lines) == {1}
        assert page.evaluate("document.documentElement.scrollWidth") == width
        cells = page.locator(".cell-words")
        assert not any(cells.evaluate_all("(all) => all.map((one) => one.scrollWidth > one.clientWidth)"))
        page.close()
    context.close()


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_greeting_fits_a_telephone_in_large_type(room: Room, phone: BrowserContext, language: str):
    room.send(1, photos=1)
    (greeting,) = room.send(1, photos=1)  # much like the one before, which is rejected: that stands beside it
    for path in (f"/desk/greetings/{greeting}", f"/desk/greetings/{greeting}/cover", "/desk/sheet"):
        page = room.open(phone, f"{path}?lang={language}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        page.close()
    page = room.open(phone, f"/desk/queue?lang={language}")
    page.set_viewport_size({"width": 320, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.is_visible(".twin-list .badge")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()
