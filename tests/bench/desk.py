"""The desk: what a decision costs the server at 100,000 items, and how many a moderator clears by keyboard."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import insert, select

from greetings.actions.models import Action
from greetings.app import create_app
from greetings.clock import to_the_hour
from greetings.house import House, open_house
from greetings.ids import new_id
from greetings.imaging import RENDITIONS, Picture
from greetings.operations.memory import set_apart_what_is_loaded
from greetings.operations.setup import set_up
from greetings.settings import load_settings
from greetings.submissions.files import private_key
from greetings.submissions.fingerprints import picture_keys, text_fingerprint, text_keys
from greetings.submissions.models import Greeting, LikenessKey, Photo
from greetings.submissions.photos import note_facts
from greetings.submissions.rules import Kind, State, Use, search_text
from greetings.submissions.waiting import mend_waiting
from tests.bench.report import Report, ToolMissing
from tests.factories import picture_bytes
from tests.members import sign_in

ITEMS = 100_000
DECIDED_SHARE = 5  # one in five is decided already
WITH_PICTURE_SHARE = 2  # every second has a picture
DECISIONS = 400
BATCH = 2_000
CLEARED = 150
SPREADING = 0x9E3779B97F4A7C15  # times it, neighbours are far apart
MOST_DECISION_MS = 30
LEAST_CLEARED = 60
WORDS = [
    "З",
    "днём",
    "нараджэння",
    "дарагі",
    "Алесь",
    "няхай",
    "гэты",
    "год",
    "прынясе",
    "свабоду",
    "здароўе",
    "сустрэчу",
    "роднымі",
    "сябрамі",
    "дома",
    "мы",
    "чытаем",
    "вашыя",
    "кнігі",
    "дзецям",
    "кожны",
    "вечар",
    "думаем",
    "пра",
    "вас",
    "дасылаем",
    "цяпло",
    "сонца",
    "снег",
    "мора",
    "лес",
    "надзею",
]


def run(report: Report) -> None:
    """Both halves; the second needs a browser."""
    with _store("decide") as house:
        _fill(house, ITEMS, files_for=DECISIONS + BATCH)
        _decisions(report, house)
    _clearing(report)


# ---------- a store of a size


@contextmanager
def _store(name: str) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix=f"greetings-bench-{name}-", dir="/tmp"))
    house = open_house(load_settings({"GREETINGS_DATA": str(folder), "GREETINGS_RATE_LIMITS": "off"}))
    try:
        set_up(house)
        yield house
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(house: House, count: int, *, files_for: int) -> None:
    """`count` greetings, the first `files_for` waiting ones with real files."""
    picture = house.pictures.take_in(picture_bytes("JPEG", (1600, 1200), quality=90))
    now = house.clock()
    with house.database.work() as session:
        action_id = session.scalars(select(Action.id)).first()
    filed = 0
    for start in range(0, count, BATCH):
        rows = [_greeting(number, action_id or 0, now) for number in range(start, min(start + BATCH, count))]
        pictured = [row for row in rows if row["kind"] is Kind.PHOTO]
        photos = [_photo(row["sequence"], picture) for row in pictured]
        keys = [*_keys(rows), *_picture_keys(photos)]
        with house.database.work() as session:
            for table, made in ((Greeting, rows), (Photo, photos), (LikenessKey, keys)):
                session.execute(insert(table), made)
        for row, photo in zip(pictured, photos, strict=True):
            if row["state"] is State.PENDING and filed < files_for:
                filed += 1
                for rendition in RENDITIONS:
                    key = private_key(photo["private_name"], rendition)
                    house.storage.put(key, picture.renditions[rendition.name])
    with house.database.work() as session:
        mend_waiting(session)  # rows put in at once tell nobody


def _greeting(number: int, action_id: int, now: datetime) -> dict[str, Any]:
    chance = Random(number)
    text = " ".join([*chance.choices(WORDS, k=12), *(f"слова{chance.randrange(5000)}" for _ in range(8))])
    is_decided = number % DECIDED_SHARE == 0
    return {
        "sequence": number + 1,
        "id": new_id(),
        "action_id": action_id,
        "state": State.REJECTED if is_decided else State.PENDING,
        "version": 1,
        "code_digest": f"{number:064x}",
        "received_at": to_the_hour(now - timedelta(minutes=ITEMS - number)),
        "changed_at": to_the_hour(now),
        "kind": Kind.PHOTO if number % WITH_PICTURE_SHARE == 0 else Kind.TEXT,
        "language": "be",
        "text": text,
        "name": f"Ганна {number}",
        "town": "Вільня",
        "country": "LT",
        "search_text": search_text(text),
        "text_fingerprint": text_fingerprint(text),
        "granted": frozenset(Use),
        "disallowed": frozenset(),
        "decided_at": now if is_decided else None,
    }


def _photo(sequence: int, picture: Picture) -> dict[str, Any]:
    like = Photo()
    note_facts(like, picture)
    return {
        "greeting_sequence": sequence,
        "position": 0,
        "private_name": new_id(),
        "width_px": like.width_px,
        "height_px": like.height_px,
        "average_colour": like.average_colour,
        "difference_hash": f"{sequence * SPREADING % 2**64:016x}",
        "digests": like.digests,
    }


def _keys(rows: list[dict[str, Any]]) -> list[dict[str, int]]:
    return [
        {"key": key, "greeting_sequence": row["sequence"]}
        for row in rows
        for key in text_keys(row["text_fingerprint"])
    ]


def _picture_keys(photos: list[dict[str, Any]]) -> list[dict[str, int]]:
    return [
        {"key": key, "greeting_sequence": photo["greeting_sequence"]}
        for photo in photos
        for key in picture_keys(photo["difference_hash"])
    ]


# ---------- what a decision costs the server


def _decisions(report: Report, house: House) -> None:
    app = create_app(house.settings, house)
    set_apart_what_is_loaded()  # as the server does
    client, _, csrf_token = sign_in(app, house)
    _next(client, "")
    item = _next(client, "")
    wall: dict[str, list[float]] = {"the decision": [], "the next item": [], "both": []}
    cpu: dict[str, list[float]] = {name: [] for name in wall}
    for number in range(DECISIONS):
        moments = [(time.perf_counter(), time.process_time())]
        _decide(client, csrf_token, item, number)
        moments.append((time.perf_counter(), time.process_time()))
        item = _next(client, f"?after={item['id']}")
        moments.append((time.perf_counter(), time.process_time()))
        for name, start, end in (("the decision", 0, 1), ("the next item", 1, 2), ("both", 0, 2)):
            wall[name].append(1000 * (moments[end][0] - moments[start][0]))
            cpu[name].append(1000 * (moments[end][1] - moments[start][1]))
    rows = [
        (
            name,
            *(
                f"{figure:.1f}"
                for times in (wall[name], cpu[name])
                for figure in (_median(times), _p99(times))
            ),
        )
        for name in wall
    ]
    columns = ("", "median", "p99", "CPU median", "CPU p99")
    report.table(f"A decision at {ITEMS:,} items, ms of the server", columns, rows)
    report.goal("decision_ms", _p99(wall["both"]), "<=", MOST_DECISION_MS)


def _next(client: FlaskClient, place: str) -> dict[str, str]:
    response = client.get(f"/desk/queue{place}", headers={"Accept": "application/json"})
    assert response.status_code == 200, response.status
    item: dict[str, str] = json.loads(response.get_data())
    return item


def _decide(client: FlaskClient, csrf_token: str, item: dict[str, str], number: int) -> None:
    version = item["html"].split('name="version" value="')[1].split('"')[0]
    form = {"csrf_token": csrf_token, "version": version, "reason": "not_a_greeting"}
    what = "reject" if number % 4 == 3 else "approve"
    response = client.post(
        f"/desk/greetings/{item['id']}/{what}", data=form, headers={"Accept": "application/json"}
    )
    assert response.status_code == 200, response.get_data()


def _median(times: list[float]) -> float:
    return quantiles(times, n=2)[0]


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[-1]


# ---------- how many a scripted moderator clears in the real browser


def _clearing(report: Report) -> None:
    from tests.browser.conftest import ARGUMENTS, CHROMIUM
    from tests.browser.site import Site, enrol

    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise ToolMissing("There is no Chromium on this machine: make system brings it.")
    folder = Path(tempfile.mkdtemp(prefix="greetings-bench-clear-", dir="/tmp"))
    house = open_house(
        load_settings({"GREETINGS_DATA": str(folder / "data"), "GREETINGS_RATE_LIMITS": "off"})
    )
    set_up(house)
    _fill(house, CLEARED * 5 // 4, files_for=CLEARED)
    house.close()
    site = Site.start(folder / "data")
    try:
        with sync_playwright() as playwright:
            browser: Browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = enrol(browser, site.sign_in_link).new_page()
            page.goto(f"{site.url}/desk/queue")
            seconds = _clear(page)
            browser.close()
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report.table(
        "A run of items decided by keyboard in Chromium, each once its picture was there",
        ("", "items", "seconds", "ms each"),
        [("approve, every fourth rejected", CLEARED, f"{seconds:.1f}", f"{1000 * seconds / CLEARED:.0f}")],
    )
    report.goal("cleared_per_minute", 60 * CLEARED / seconds, ">=", LEAST_CLEARED)


def _clear(page: Page) -> float:
    """Decide item after item by key; returns the seconds until the last answer was there."""
    seen = "() => [...document.querySelectorAll('#bench .mat img')].every((one) => one.complete && one.naturalWidth)"
    press: Callable[[str], None] = page.keyboard.press
    started = time.monotonic()
    for number in range(CLEARED):
        page.wait_for_function(seen)
        here = page.get_attribute("#bench", "data-id")
        if number % 4 == 3:
            press("r")
            press("3")
        else:
            press("a")
        page.wait_for_function("(id) => document.getElementById('bench').dataset.id !== id", arg=here)
    page.wait_for_load_state("networkidle")
    seconds = time.monotonic() - started
    left = page.locator("[data-waiting]").inner_text()
    assert int(left) == 0, f"{left} still wait"
    return seconds
