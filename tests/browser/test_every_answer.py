"""What answers a form, and what is gone: pages that no address opens, as sound as those of test_every_page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.codes import code_digest
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.conftest import Watched
from tests.browser.site import Site, until_hanging
from tests.browser.test_every_page import (
    DESKTOP,
    LANGUAGES,
    MOVES,
    PHONE,
    assert_fits,
    assert_fits_any_reader,
    assert_headings_step_down,
    walk_by_tab,
)
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

LONG = "Дарагі Алесь! " * 200  # more than a greeting may have
CODES = {
    State.PENDING: "PRAP" * 4,
    State.APPROVED: "PRQP" * 4,
    State.REJECTED: "PRWP" * 4,
    State.WITHDRAWN: "PRXP" * 4,
}
# where a form stands, what is sent with it beside what it holds, how that is answered, and the sign of the answer
REFUSED, TAKEN = 422, 200
ANSWERS: dict[str, tuple[str, dict[str, str], int, str]] = {
    "nothing was sent": ("send", {}, REFUSED, "#error-summary"),
    "too much was sent": (
        "send",
        {"text": LONG, "name": "W" * 90, "country": "??", "uses": "press"},
        REFUSED,
        "#error-summary",
    ),
    "no such code": ("receipt", {"code": "AAAA", "do": "status"}, REFUSED, "#main form"),
    **{
        f"a receipt, {state}": ("receipt", {"code": code, "do": "status"}, TAKEN, f"[data-state={state}]")
        for state, code in CODES.items()
    },
    "nothing was told": ("greetings/{}/report", {}, REFUSED, "#error-summary"),
    "something was told": ("greetings/{}/report", {"concern": "me", "note": "Гэта не я"}, TAKEN, ".lede"),
    "no poster": ("posters/own", {"wish": "🎂"}, REFUSED, "#error-summary"),
    "a poster to hold up": (
        "posters/own",
        {"wish": "Чакаем!", "name": "Ганна", "as": "phone"},
        TAKEN,
        ".controls",
    ),
}
# as a browser without scripts sends it
SEND = """(fields) => {
    const form = document.querySelector("#main form[method=post]")
    for (const name of Object.keys(fields)) form.querySelectorAll(`[name=${name}]`).forEach((one) => one.remove())
    for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement("textarea")
        field.name = name
        field.value = value
        form.append(field)
    }
    HTMLFormElement.prototype.submit.call(form)
}"""


@pytest.fixture(scope="module")
def shown(store: House, site: Site) -> Iterator[str]:
    """A greeting on the wall, and one in each state for which there is a code. Afterwards none of them is on the
    desk, nor what was told of it.
    """
    with store.database.work() as session:
        action = session.scalars(select(Action).where(Action.slug == "ales")).one()
        made = [
            make_greeting(
                store, session, action, state=state, photos=1, code_digest=code_digest(store.keys, code)
            )
            for state, code in CODES.items()
        ]
        made.append(make_greeting(store, session, action, photos=1, name="Параскева Сцяпанаўна"))
        ids = [greeting.id for greeting in made if greeting.state != State.WITHDRAWN]
    until_hanging(site, ids[-1])
    yield ids[-1]
    with store.database.work() as session:
        for greeting_id in ids:
            take_step(store, session, greeting_to_change(session, greeting_id), Step.WITHDRAW, actor="sender")


def assert_sound(page: Page, axe: Callable[[Page], None], where: str) -> None:
    axe(page)
    assert page.evaluate(MOVES) == [], where
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    assert_fits(page, where)
    assert_fits_any_reader(page, where)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


@pytest.fixture
def phone(visitor: Callable[..., Watched], language: str) -> Page:
    page = visitor(language, PHONE[0]).page()
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_to_a_form_is_accessible_and_fits(
    phone: Page, site: Site, axe: Callable[[Page], None], shown: str, language: str, name: str
) -> None:
    path, fields, status, sign = ANSWERS[name]
    phone.goto(f"{site.url}/ales/{language}/{path.format(shown)}")
    with phone.expect_navigation() as answer:
        phone.evaluate(SEND, fields)
    assert answer.value
    assert answer.value.status == status
    expect(phone.locator(sign).first).to_be_attached()
    expect(phone.locator("html")).to_have_attribute("lang", language)
    assert_headings_step_down(phone, name)
    if status == REFUSED:
        expect(phone.locator(":focus")).to_have_count(1)  # on what is wrong, or in the field to mend
    else:
        walk_by_tab(phone, name, least=3 if sign == ".controls" else 4)  # a poster has its three buttons
    assert_sound(phone, axe, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_what_was_taken_back_is_accessible_and_fits(
    phone: Page, site: Site, store: House, axe: Callable[[Page], None], shown: str, language: str
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action).where(Action.slug == "ales")).one()
        gone = make_greeting(store, session, action, state=State.WITHDRAWN).id
    answer = phone.goto(f"{site.url}/ales/{language}/greetings/{gone}")
    assert answer
    assert answer.status == 410
    assert_headings_step_down(phone, "gone")
    walk_by_tab(phone, "gone")
    assert_sound(phone, axe, "gone")
