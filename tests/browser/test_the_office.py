"""The organisers' rooms in a real browser: adding forty cards, taking an export out, reasons, without a script too."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.exports.models import Export
from greetings.exports.rules import Form, Progress
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Use
from tests.browser.conftest import LOCALES
from tests.browser.patience import answer_for, until
from tests.browser.site import Site
from tests.factories import make_action, make_greeting, picture_bytes

pytestmark = pytest.mark.browser

CARDS = 40
PATHS = (
    "/desk/decided",
    "/desk/add",
    "/desk/account",
    "/desk/people",
    "/desk/reasons",
    "/desk/reasons/risk",
    "/desk/figures",
    "/desk/exports",
    "/desk/log",
    "/desk/actions",
    "/desk/actions/ales",
)


# words of which not all letters stand on one line
BROKEN_WORDS = """all => all.flatMap((one) => {
    const range = document.createRange()
    return [...one.textContent.matchAll(/[\\p{L}\\d]+/gu)].filter((word) => {
        range.setStart(one.firstChild, word.index)
        range.setEnd(one.firstChild, word.index + word[0].length)
        return new Set([...range.getClientRects()].map((box) => box.top)).size > 1
    }).map((word) => `${word[0]} in ${one.textContent}`)
})"""


@pytest.fixture(scope="module")
def without_end(store: House) -> None:
    """A greeting whose name, town, organisation and words are one word each."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(
            store, session, action, text="Ж" * 300, name="W" * 80, town="Ю" * 60, organisation="Щ" * 60
        )


@pytest.fixture
def at(browser: Browser, desk: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Takes a width and whether scripts run, and gives a page of the signed-in organiser."""
    opened: list[BrowserContext] = []

    def open_page(width: int = 1280, language: str = "en", *, javascript: bool = True) -> Page:
        context = browser.new_context(
            storage_state=desk.storage_state(),
            viewport={"width": width, "height": 900},
            locale=LOCALES[language],
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


def cards(count: int, first: int = 0) -> list[FilePayload]:
    """Pictures that differ from one another, as a folder of scans holds them."""
    return [
        {
            "name": f"card {number}.jpg",
            "mimeType": "image/jpeg",
            "buffer": picture_bytes(size=(200 + number, 150)),
        }
        for number in range(first, first + count)
    ]


def fill(page: Page, site: Site, pictures: list[FilePayload]) -> None:
    page.goto(f"{site.url}/desk/add?lang=en")
    page.set_input_files("input[name=photos]", pictures)
    page.fill("input[name=organisation]", "Amnesty Eindhoven")
    page.check("input[name=uses][value=gallery]")
    page.check("input[name=uses][value=post]")


def in_bar(page: Page) -> int:
    """How many wait, as the bar of the desk says."""
    return int(page.locator(".desk-bar .count").evaluate("count => count.firstChild.textContent"))


def test_forty_painted_cards_are_added_in_one_go_and_one_bad_file_is_told(
    at: Callable[..., Page], site: Site
):
    page = at(390)
    bad: FilePayload = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    fill(page, site, [*cards(CARDS), bad])
    waiting_before = in_bar(page)
    expect(page.locator("[role=status][data-count]")).to_have_text("Chosen: 41. Greetings: 41.")
    page.click("[data-add] button[type=submit]")
    expect(page.locator("[data-halt]")).to_contain_text("who gave the consent")
    expect(page.locator("input[name=organisation]")).to_have_value("Amnesty Eindhoven")
    page.fill("input[name=consent_from]", "the teacher, by letter")
    page.click("[data-add] button[type=submit]")
    for place in range(CARDS):  # each as patiently as anything else, however long all of them take
        expect(page.locator("[data-codes] li").nth(place)).to_be_attached()
    expect(page.locator("[data-added]")).to_be_visible()
    expect(page.locator("[data-added-count]")).to_have_text(str(CARDS))
    assert in_bar(page) == waiting_before + CARDS, "the bar counts along"
    expect(page.locator("[data-refused] li")).to_have_text(re.compile("^list.txt: "))
    expect(page.locator("[data-refused-part] h3")).to_have_text("Could not be taken in: 1")
    expect(page.locator("[data-codes] li")).to_have_count(CARDS)


def test_the_place_for_pictures_speaks_the_language_of_the_page(at: Callable[..., Page], site: Site):
    """The browser's own control speaks the browser's: it is seen only where no script says what was chosen."""
    plain = at(javascript=False)
    plain.goto(f"{site.url}/desk/add?lang=be")
    expect(plain.locator("#photos")).to_have_css("opacity", "1")
    page = at(language="be")
    page.goto(f"{site.url}/desk/add?lang=be")
    expect(page.locator("#photos")).to_have_css("opacity", "0")
    page.set_input_files("#photos", cards(2))
    expect(page.locator("[role=status][data-count]")).to_contain_text("2")
    page.keyboard.press("Tab")
    page.locator("#photos").focus()
    expect(page.locator(".drop")).to_have_css("outline-width", "3px")


def test_an_answer_that_was_lost_adds_nothing_twice(at: Callable[..., Page], site: Site):
    page = at()
    lost = iter((True, False, False))

    def lose_the_first(route) -> None:
        if route.request.method == "POST" and next(lost, False):
            route.fetch()  # it arrives, but its answer never comes back
            route.abort()
        else:
            route.continue_()

    answer_for(page, "**/desk/add", lose_the_first)
    fill(page, site, cards(2, first=100))
    page.fill("input[name=consent_from]", "the teacher, by letter")
    page.check("input[name=together][value=together]")
    page.click("[data-add] button[type=submit]")
    expect(page.locator("[data-added-count]")).to_have_text("1")
    expect(page.locator("[data-codes] li")).to_have_count(1)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(507, "it is out of room"), (401, "You are signed out"), (403, "Please reload the page")],
)
def test_what_the_server_could_not_take_in_is_not_called_unanswered(
    at: Callable[..., Page], site: Site, status: int, sentence: str
):
    page = at()
    answers = iter((None, status))  # the first greeting is in, the second is not

    def answer(route) -> None:
        refused = next(answers, None) if route.request.method == "POST" else None
        if refused is None:
            route.continue_()
        else:
            route.fulfill(status=refused, json={"error": refused})

    answer_for(page, "**/desk/add", answer)
    fill(page, site, cards(2, first=300 + status))
    page.fill("input[name=consent_from]", "the teacher, by letter")
    page.click("[data-add] button[type=submit]")
    halt = page.locator("[data-halt]")
    expect(halt).to_contain_text(sentence)
    expect(halt).to_be_focused()
    expect(halt.get_by_role("heading")).to_have_text("Not all of it is in the queue yet")
    expect(page.locator("input[name=organisation]")).to_have_value("Amnesty Eindhoven")
    page.click("[data-add] button[type=submit]")
    expect(page.locator("[data-added-count]")).to_have_text("2")


def test_without_a_script_several_pictures_are_added_and_the_codes_shown(at: Callable[..., Page], site: Site):
    page = at(javascript=False)
    fill(page, site, cards(3, first=200))
    page.fill("input[name=consent_from]", "the teacher, by letter")
    page.click("[data-add] button[type=submit]")
    expect(page.locator("main")).to_contain_text("3 greetings are in the queue now")
    expect(page.locator(".codes li")).to_have_count(3)


def until_ready(page: Page) -> None:
    """Look at the page of exports again until a file is ready, as whoever has no scripts does."""
    until(lambda: page.goto(page.url) and page.locator("[data-progress=ready]").count())


@pytest.fixture
def a_file(at: Callable[..., Page], site: Site) -> Iterator[None]:
    """One in the list of those to take out, there for this test alone."""
    page = at(javascript=False)
    page.goto(f"{site.url}/desk/exports?lang=en")
    page.check("input[name=use][value=post]")
    with page.expect_navigation():
        page.click("form.form button[type=submit]")
    until_ready(page)
    yield
    page.locator("[data-export] form[action$='/discard'] button").first.click()
    expect(page.locator("main")).to_contain_text("The file is deleted")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_export_is_made_and_saved(at: Callable[..., Page], site: Site, javascript: bool, tmp_path):
    page = at(javascript=javascript)
    page.goto(f"{site.url}/desk/exports?lang=en")
    page.check("input[name=use][value=post]")
    with page.expect_navigation():
        page.click("form.form button[type=submit]")
    ready = page.locator("[data-progress=ready]")
    if not javascript:
        until_ready(page)
    ready.first.wait_for()  # where scripts run, the page itself looks again
    with page.expect_download() as saved:
        ready.first.locator("form[action$='/file'] button").click()
    file = tmp_path / "export.zip"
    saved.value.save_as(file)
    assert "greetings.csv" in zipfile.ZipFile(file).namelist()
    page.locator("[data-export] form[action$='/discard'] button").first.click()
    expect(page.locator("main")).to_contain_text("The file is deleted")


@pytest.fixture
def on_its_way(store: House) -> Iterator[str]:
    """A file that somebody is writing, for as long as a test lasts; gives its ID."""
    with store.database.work() as session:
        action_id = session.scalars(select(Action.id).where(Action.slug == "ales")).one()
        what = {"use": Use.POST, "form": Form.CSV, "progress": Progress.WRITING}
        export = Export(action_id=action_id, asked_by="somebody", asked_at=store.clock(), **what)
        export.lease, export.lease_until = "somebody", store.clock() + timedelta(hours=1)
        session.add(export)
        session.flush()
        export_id = export.id
    yield export_id
    with store.database.work() as session:
        session.delete(session.get_one(Export, export_id))


def test_a_file_that_is_ready_moves_nobody_from_where_they_are(
    at: Callable[..., Page], site: Site, store: House, on_its_way: str
):
    page = at()
    page.goto(f"{site.url}/desk/exports?lang=ru")
    line = page.locator(f"[data-export='{on_its_way}']")
    expect(line.locator("progress")).to_be_visible()
    choice = page.locator("input[name=form][value=csv]")
    choice.check()
    choice.focus()
    with store.database.work() as session:
        export = session.get_one(Export, on_its_way)
        export.progress, export.ready_at, export.size_bytes = Progress.READY, store.clock(), 2000
    expect(line.locator("form[action$='/file'] button")).to_be_visible()
    expect(page.locator("[data-told]")).to_have_text(re.compile(": Готов$"))
    expect(choice).to_be_focused()
    expect(choice).to_be_checked()


@pytest.fixture
def another_action(store: House) -> Iterator[None]:
    """An action that only the desk sees, for as long as a test lasts."""
    with store.database.work() as session:
        make_action(session, "hidden", is_public=False)
    yield
    with store.database.work() as session:
        session.delete(session.scalars(select(Action).where(Action.slug == "hidden")).one())


def test_an_export_tells_how_many_the_chosen_action_would_give(
    at: Callable[..., Page], site: Site, another_action: None
):
    plain = at(javascript=False)
    plain.goto(f"{site.url}/desk/exports?lang=en")
    uses = plain.locator("input[name=use]").count()
    expect(plain.locator("[data-of]:visible")).to_have_count(2 * uses)
    page = at()
    page.goto(f"{site.url}/desk/exports?lang=en")
    for slug in ("hidden", "ales"):
        page.select_option("select[name=action]", slug)
        expect(page.locator("[data-of]:visible")).to_have_count(uses)
        expect(page.locator(f"[data-of={slug}]:visible")).to_have_count(uses)
    expect(page.locator("[data-named]:visible")).to_have_count(0)


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_in_large_type_the_bar_of_the_desk_takes_two_lines_at_most(
    at: Callable[..., Page], site: Site, language: str
):
    page = at(390, language=language)
    page.goto(f"{site.url}/desk/log?lang={language}")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    tops = page.locator(".rooms > ul > li:visible").evaluate_all("all => all.map(one => one.offsetTop)")
    assert len(tops) == 3
    assert len(set(tops)) <= 2


@pytest.mark.parametrize(("language", "width"), [("be", 390), ("en", 1280), ("ru", 390)])
def test_every_page_of_the_office_fits_its_window_and_can_be_used_by_all(
    at: Callable[..., Page],
    site: Site,
    axe: Callable[[Page], None],
    without_end: None,
    a_file: None,
    language: str,
    width: int,
):
    """What axe reads of them on a desktop stands in test_every_page; here it reads each once on a telephone."""
    page = at(width, language)
    read_here = {"be": PATHS[::2], "en": (), "ru": PATHS[1::2]}[language]
    for path in PATHS:
        answer = page.goto(f"{site.url}{path}?lang={language}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        assert page.url.startswith(site.url + path), f"{path} led to {page.url}"
        if path in read_here:
            axe(page)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{path} is {too_wide} px too wide"
        page.click(".more > summary")
        menu = page.locator(".more > .more-body").bounding_box()
        assert menu is not None
        assert menu["x"] >= 0, path
        assert menu["x"] + menu["width"] <= width, path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{path} is {too_wide} px too wide in type twice as large"


@pytest.mark.parametrize(("language", "width"), [("be", 320), ("be", 360), ("ru", 320)])
def test_on_a_small_telephone_days_and_figures_end_no_line_within_a_word(
    at: Callable[..., Page], site: Site, store: House, without_end: None, language: str, width: int
):
    with store.database.reading() as session:
        greeting_id = session.scalars(select(Greeting.id).where(Greeting.name == "W" * 80)).first()
    page = at(width, language)
    for path, alone in (
        (f"/desk/greetings/{greeting_id}", ".facts time"),
        ("/desk/actions", "td:nth-child(3) .cell-body"),
        ("/desk/figures", ".figures dd"),
    ):
        page.goto(f"{site.url}{path}?lang={language}")
        page.evaluate("document.fonts.ready.then(() => null)")
        said = page.locator(f"main {alone}")
        said.first.wait_for()
        assert said.evaluate_all(BROKEN_WORDS) == []


@pytest.mark.parametrize("path", ["/desk/add", "/desk/account"])
def test_a_narrow_bar_marks_the_word_that_the_page_lies_below_and_a_wide_one_the_page(
    at: Callable[..., Page], site: Site, path: str
):
    bold = "more => getComputedStyle(more).fontWeight >= 600"
    for width, is_marked in ((390, True), (1280, False)):
        page = at(width)
        page.goto(site.url + path)
        more = page.locator(".desk-bar .more > summary")
        assert more.evaluate(bold) is is_marked, f"{path} at {width} px"
