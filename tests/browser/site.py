"""A real site for browser tests: `greetings run` in a process of its own, on a free port of the loopback."""

import io
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyotp
import requests
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from greetings.actions.queries import list_actions
from greetings.actions.service import load_default_actions
from greetings.house import open_house
from greetings.operations.schema import migrate
from greetings.operations.wiring import wire_rooms
from greetings.posters.rules import PREVIEW_HEIGHT_PX, PREVIEW_WIDTH_PX, Suffix
from greetings.posters.service import list_orders
from greetings.settings import CHECKOUT, load_settings
from tests.browser.patience import PATIENCE_SECONDS, arrive, until
from tests.servers import free_port

START_SECONDS = 120  # a first start sets posters and fonts; on a busy machine that takes its time
PASSWORD = "rowan jam on the window sill"


@dataclass
class Site:
    """A running server and what it said when it started."""

    process: subprocess.Popen[str]
    url: str
    data: Path
    sign_in_link: str

    @classmethod
    def start(cls, data: Path, name: str = "127.0.0.1", *, prints: bool = True, **environ: str) -> Self:
        """Start it under a name of the loopback, and wait for the line with the sign-in link; where nobody
        looks at what a poster says, it need not print any.
        """
        port = free_port()
        url = f"http://{name}:{port}"
        if not prints:
            _stand_in_for_posters(data, url)
        with (data.parent / f"{data.name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "greetings", "run"],
                cwd=CHECKOUT,
                env={
                    **os.environ,
                    "GREETINGS_DATA": str(data),
                    "GREETINGS_PORT": str(port),
                    "GREETINGS_URL": url,
                    "GREETINGS_RATE_LIMITS": "off",
                    **environ,
                },
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            site = cls(process, url, data, _read_link(process))
            site._wait_until_it_answers(port)
        except BaseException:  # whoever fails or is interrupted leaves no server behind
            _end(process)
            raise
        return site

    @property
    def log(self) -> str:
        """Everything the server has logged."""
        return (self.data.parent / f"{self.data.name}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        _end(self.process)

    def _wait_until_it_answers(self, port: int) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"The site never listened:\n{self.log}")


def _stand_in_for_posters(data: Path, url: str) -> None:
    """Set the store up with a white sheet for each poster, about as heavy: they hold the address, hence the
    port, and printing them is most of the work of a first start.
    """
    drawn = io.BytesIO()
    Image.new("1", (PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX), 1).save(drawn, "PNG", compress_level=0)
    sheet, document = drawn.getvalue(), b"%PDF-1.7 of which nobody reads a word\n" * 600
    wire_rooms()
    settings = load_settings({"GREETINGS_DATA": str(data), "GREETINGS_URL": url})
    with closing(open_house(settings)) as house:
        migrate(house.database)
        with house.database.work() as session:
            load_default_actions(session)
        with house.database.reading() as session:
            for action in list_actions(session):
                for order in list_orders(house, action):
                    house.storage.put(order.key, sheet if order.file.suffix is Suffix.PNG else document)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def _read_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    patience = threading.Timer(START_SECONDS, process.kill)
    patience.start()
    said = ""
    try:
        for line in process.stdout:
            said += line
            found = re.match(r"(?:Sign-in link: |The desk is at )(\S+)", line)
            if found:
                return found[1]
    finally:
        patience.cancel()
    raise AssertionError(f"The site said no sign-in link:\n{said}")


def until_hanging(site: Site, *greetings: str) -> None:
    """Wait until the server shows on its wall what another process hung up: it has two seconds to notice."""

    def missing() -> list[str]:
        wall = requests.get(f"{site.url}/ales/be/greetings/", timeout=PATIENCE_SECONDS).text
        return [one for one in greetings if f'id="g-{one}"' not in wall]

    until(missing, lambda none: not none)


def enrol(browser: Browser, link: str, email: str = "ana@example.org", name: str = "Ana") -> BrowserContext:
    """Follow an invitation as a person would; returns the signed-in browser context."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(link)
    page.fill("input[name=name]", name)
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], main button:not([type])")
    secret = arrive(page, "#totp-secret").inner_text().replace(" ", "").strip()

    def type_code() -> int:
        """Whether it was taken: one that a busy machine sends late is over, and the next one is typed."""
        page.fill("input[name=code]", pyotp.TOTP(secret).now())
        with page.expect_navigation():  # what says that the last one was over stands there until then
            page.locator("form:has(input[name=code]) button").first.click()
        return page.locator("#recovery-codes").count()

    until(type_code)
    page.goto(link.split("/desk/", maxsplit=1)[0] + "/desk/queue")
    assert "/desk/queue" in page.url, page.url
    page.close()
    return context
