"""Sending with JavaScript: it waits, goes on by itself, stops when told, and loses nothing whatever the answer."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.device import (
    choose,
    done,
    drag_mouse,
    edit,
    fill_in,
    is_ink,
    open_form,
    press_send,
    sent_files,
    sent_parts,
)
from tests.browser.patience import PATIENCE_SECONDS, answer_for, stop_the_clock, until
from tests.browser.site import Site

pytestmark = pytest.mark.browser

Visitor = Callable[..., Watched]
WORDS = "Першы радок\n\n<b>другі</b> & «трэці»"


@pytest.fixture
def photo(corpus: Path) -> Path:
    return corpus / "exif-orientation" / "Portrait_6.jpg"


def answer_first(page: Page, *answers: dict[str, Any] | None) -> list[int]:
    """Answer the first sendings like this (None: the connection breaks) and let the others through; counts all."""
    seen: list[int] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        seen.append(len(seen))
        if len(seen) > len(answers):
            route.continue_()
        elif given := answers[len(seen) - 1]:
            route.fulfill(**given)
        else:
            route.abort("connectionfailed")

    answer_for(page, "**/send*", answer)
    return seen


def full_house(seconds: int, status: int = 503) -> dict[str, Any]:
    return {"status": status, "headers": {"Retry-After": str(seconds)}, "body": "<p>full</p>"}


def edited_form(page: Page, site: Site, photo: Path) -> None:
    open_form(page, site)
    fill_in(page, WORDS)
    choose(page, photo)
    drag_mouse(page, edit(page), (0.3, 0.3), (0.55, 0.5))
    done(page)


@pytest.mark.parametrize("status", [503, 429])
def test_a_full_house_is_waited_for_and_then_it_goes_on_by_itself(
    site: Site, visitor: Visitor, photo: Path, status: int
):
    page = visitor("en", 390).page()
    page.clock.install()
    edited_form(page, site, photo)
    stop_the_clock(page)
    sendings = answer_first(page, full_house(2, status))
    press_send(page)
    expect(page.locator("[data-percent]")).to_have_text(re.compile(r"0:0[23]"))
    expect(page.locator("[data-step]")).to_contain_text("by ourselves")
    expect(page.locator("[data-said]").first).to_contain_text("by ourselves")
    page.clock.run_for(3_000)
    expect(page.locator("#receipt-code")).to_be_visible()
    assert len(sendings) == 2
    first, second = (page.evaluate(f"window.sentBodies[{at}].get('key')") for at in (0, 1))
    assert first == second, "the key is the same, so that nothing is received twice"
    assert is_ink(sent_files(page)[0].picture, (0.31, 0.31, 0.54, 0.49))


def test_whoever_does_not_want_to_wait_tries_now(site: Site, visitor: Visitor):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    page.uncheck("input[name=agreed]")
    answer_first(page, full_house(300))
    press_send(page)
    expect(page.locator("[data-percent]")).to_have_text(re.compile(r"[45]:\d\d"))
    page.locator("[data-now]").click()
    expect(page.locator("#receipt-code")).to_be_visible()


def test_a_lost_connection_is_mended_by_itself(site: Site, browser: Browser, photo: Path):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.clock.install()
    edited_form(page, site, photo)
    stop_the_clock(page)
    sendings = answer_first(page, None)
    press_send(page)
    expect(page.locator("[data-step]")).to_contain_text("No connection")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#receipt-code")).to_be_visible()
    assert len(sendings) == 2
    context.close()


def test_a_sending_can_be_stopped_and_taken_up_again(site: Site, visitor: Visitor, photo: Path):
    page = visitor("en", 390).page()
    edited_form(page, site, photo)
    answer_first(page, full_house(300))
    press_send(page)
    expect(page.locator("[data-percent]")).to_have_text(re.compile(r"[45]:\d\d"))
    page.locator("[data-stop]").click()
    expect(page.locator("[data-halt]")).to_contain_text("Everything you typed is here")
    expect(page.locator("form[data-send] button[type=submit]")).to_be_focused()
    assert page.input_value("textarea[name=text]") == WORDS
    expect(page.locator("[data-facts]")).to_contain_text("covers: 1")
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()


def must_say_once_which_it_is(print_of_it: Locator, name: str) -> None:
    expect(print_of_it.locator("[data-name]")).to_have_text(name)
    expect(print_of_it.locator("[data-reason=a_document]")).to_have_text(
        "This is a document. Please send its page as a photo or a screenshot."
    )


def test_a_refusal_keeps_every_photo_and_marks_the_one_it_is_about(
    site: Site, visitor: Visitor, photo: Path, tmp_path: Path
):
    page = visitor("en", 390).page()
    edited_form(page, site, photo)
    page.uncheck("input[name=agreed]")
    broken = tmp_path / "holiday.jpg"
    broken.write_text("this is no picture")
    choose(page, broken)
    press_send(page)
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(page.locator("[data-files-lost]")).to_have_count(0)
    summary.locator("a", has_text="holiday.jpg").click()
    expect(page.locator(".print.failed [data-do=remove]")).to_be_focused()
    expect(page.locator(".print")).to_have_count(2)
    assert page.input_value("textarea[name=text]").replace("\r\n", "\n") == WORDS
    page.check("input[name=agreed]")
    press_send(page)
    expect(summary.locator("a")).to_have_count(1)
    expect(page.locator(".print:nth-child(1)")).not_to_have_class("print failed")
    must_say_once_which_it_is(page.locator(".print.failed"), "Photo 2: holiday.jpg")
    page.locator(".print.failed [data-do=earlier]").click()
    must_say_once_which_it_is(page.locator(".print.failed"), "Photo 1: holiday.jpg")
    page.locator(".print.failed [data-do=remove]").click()
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()
    (sent,) = sent_files(page)
    assert is_ink(sent.picture, (0.31, 0.31, 0.54, 0.49)), "the covers are still there"
    assert ("text", WORDS) in [part[:2] for part in sent_parts(page)]


LETTER = '<main id="main"><article class="returned"><h1>Our shelves are full</h1><p class="lede">No room.</p></article></main>'


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (413, "<h1>413 Request Entity Too Large</h1>", "Together these photos are too large"),
        (507, LETTER, "Our shelves are full"),
        (500, "<h1>Internal Server Error</h1>", "Something broke on our side"),
    ],
)
def test_an_error_page_never_takes_the_place_of_the_form(
    site: Site, visitor: Visitor, status: int, body: str, words: str
):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page, WORDS)
    page.uncheck("input[name=agreed]")
    answer_first(page, {"status": status, "body": body, "content_type": "text/html"})
    press_send(page)
    expect(page.locator("[data-halt]")).to_contain_text(words)
    assert page.input_value("textarea[name=text]") == WORDS
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()


def agree_to_all(page: Page) -> list[str]:
    """The kinds of dialogs that the page showed, each agreed to, in a list that grows."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    return asked


def test_leaving_asks_first_while_there_is_something_to_lose(site: Site, visitor: Visitor):
    page = visitor("en", 1280).page()
    asked = agree_to_all(page)
    open_form(page, site)
    page.reload()
    assert asked == []
    page.locator("textarea[name=text]").press_sequentially("Жыве")
    page.reload()
    assert asked == ["beforeunload"]
    fill_in(page)
    page.uncheck("input[name=agreed]")
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()
    page.reload()
    assert asked == ["beforeunload"] * 2, "the code can’t be shown again"


def test_a_receipt_is_left_by_its_links_without_a_question(site: Site, visitor: Visitor):
    page = visitor("en", 1280).page()
    asked = agree_to_all(page)
    open_form(page, site)
    fill_in(page)
    page.uncheck("input[name=agreed]")
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()
    page.locator("main a[href*='/greetings/']").click()
    page.wait_for_url("**/greetings/")
    assert asked == []


def test_nothing_of_it_is_kept_on_the_device(site: Site, visitor: Visitor, photo: Path):
    page = visitor("en", 1280).page()
    edited_form(page, site, photo)
    kept = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
        " (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]


@contextmanager
def going_on(line: socket.socket) -> Iterator[None]:
    """Somebody goes on sending there, slowly: whoever stops is hung up on after half a minute."""
    is_over = threading.Event()

    def send() -> None:
        while not is_over.wait(0.5):
            line.sendall(bytes(4_000))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        is_over.set()
        sender.join()


def test_a_server_whose_only_place_is_taken_is_waited_for(browser: Browser, corpus: Path, tmp_path: Path):
    """The real thing: somebody else's slow upload has the only place, and goes away again."""
    site = Site.start(tmp_path / "data", prints=False, GREETINGS_UPLOADS="1")
    context = browser.new_context(locale="en-GB")
    try:
        page = context.new_page()
        open_form(page, site)
        fill_in(page, WORDS)
        choose(page, corpus / "exif-orientation" / "Portrait_1.jpg")
        with socket.create_connection(
            ("127.0.0.1", int(site.url.rsplit(":", 1)[1])), PATIENCE_SECONDS
        ) as stalled:
            stalled.sendall(
                b"POST /ales/en/send HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                b"Sec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n"
            )
            assert stalled.recv(64).startswith(b"HTTP/1.1 100 "), "it has the place, and is read"
            with going_on(stalled):
                press_send(page)
                expect(page.locator("[data-percent]")).to_have_text(re.compile(r"0:[01]\d"))
                step = page.locator("[data-step]")
                expect(step).to_have_text(re.compile("Many people are sending.*by ourselves"))

        def try_now() -> bool:
            page.locator("[data-now]").evaluate_all(
                "all => all.forEach(one => one.checkVisibility() && one.click())"
            )
            return page.locator("#receipt-code").is_visible()

        until(try_now, page=page)  # once the server has noticed who went away
    finally:
        context.close()
        site.stop()
