"""Tiles kept ready: the same page as drawn anew, and nothing of what was changed or taken back."""

import re
import sys
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask import Flask, g

from greetings.actions.models import Action
from greetings.gallery import fragments
from greetings.gallery.fragments import EXTENSION, in_lines, wall_texts
from greetings.gallery.queries import WallFilter, page_of_greetings
from greetings.gallery.rules import STRIP_SIZE
from greetings.house import House
from greetings.submissions.rules import Step
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.web.context import reading
from greetings.web.kept import Kept
from tests.factories import make_greeting
from tests.pages import PageClient


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IDs of greetings whose tile was drawn."""
    drawn: list[str] = []
    real = fragments.make_tile  # type: ignore[attr-defined]

    def noted(action, greeting):
        drawn.append(greeting.id)
        return real(action, greeting)

    monkeypatch.setattr(fragments, "make_tile", noted)
    return drawn


def test_a_page_made_anew_draws_only_what_is_new(
    client: PageClient, house: House, action: Action, made: list[str]
) -> None:
    for _ in range(3):
        _publish(house, action)
    client.get("/ales/be/greetings/")
    assert len(made) == 3
    made.clear()
    newest = _publish(house, action)
    page = client.get("/ales/be/greetings/").get_data(as_text=True)
    assert made == [newest]
    assert page.count('class="card') == 4


def test_joining_sixty_tiles_takes_a_tenth_of_the_steps_of_drawing_them(
    app: Flask, house: House, action: Action
) -> None:
    """Counted, not timed: another machine, or other work on it, changes nothing."""
    for place in range(60):
        _publish(house, action, photos=place % 2)
    with app.test_request_context("/ales/be/greetings/"):
        app.preprocess_request()
        hanging = page_of_greetings(reading(), g.action.id, WallFilter(), size=60)
        assert len(hanging) == 60
        in_lines(wall_texts(g.action, hanging[:2]))  # so that templates and names of countries are read
        texts, steps = zip(
            *[_counted(lambda: in_lines(wall_texts(g.action, hanging))) for _ in range(2)], strict=True
        )
    assert texts[0] == texts[1]
    assert texts[0].count('class="g"') == 60
    drawn, joined = steps
    assert joined <= drawn / 10


def _counted(work: Callable[[], str]) -> tuple[str, int]:
    """What a piece of work gives, and how many calls it takes."""
    steps = 0

    def count(_frame: object, event: str, _what: Any) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work(), steps
    finally:
        sys.setprofile(before)


def test_each_language_and_each_change_has_its_own_tile(
    client: PageClient, house: House, action: Action, made: list[str]
) -> None:
    greeting_id = _publish(house, action)
    assert "Літва" in client.get("/ales/be/greetings/").get_data(as_text=True)
    assert "Lithuania" in client.get("/ales/en/greetings/").get_data(as_text=True)
    with house.database.work() as session:
        greeting_to_change(session, greeting_id).text = "Іншыя словы"
    assert "Іншыя словы" in client.get("/ales/be/greetings/").get_data(as_text=True)
    assert made == [greeting_id] * 3


def test_what_was_taken_back_is_out_of_memory_after_two_settlings(
    app: Flask, client: PageClient, house: House, action: Action
) -> None:
    kept: Kept = app.extensions[EXTENSION]
    greeting_id, other_id = _publish(house, action), _publish(house, action)
    client.get("/ales/be/greetings/")
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting_id), Step.WITHDRAW, actor="sender")
    for _ in range(2):
        for let_go in house.when_settling:
            let_go()
        client.get("/ales/be/greetings/")
    assert _ids(kept) == {other_id}


@pytest.mark.parametrize(
    ("place", "soon"), [("greetings/", fragments.EAGER_TILES), ("", fragments.EAGER_IN_STRIP)]
)
def test_only_the_first_pictures_load_at_once(
    client: PageClient, house: House, action: Action, place: str, soon: int
) -> None:
    with house.database.work() as session:
        for _ in range(soon + 2):
            make_greeting(house, session, session.get_one(Action, action.id), photos=1)
    page = client.get(f"/ales/en/{place}").get_data(as_text=True)
    waits = ['loading="lazy"' in image for image in re.findall(r'<img src="/media/[^>]*>', page)]
    assert waits == [False] * soon + [True] * 2


def test_a_screen_with_fine_pixels_may_choose_the_larger_picture(
    client: PageClient, house: House, action: Action
) -> None:
    """A small one has no other size, and says none."""
    with house.database.work() as session:
        greeting = make_greeting(house, session, session.get_one(Action, action.id), photos=1)
        large = greeting.photos[0]
        large.width_px, large.height_px = 2048, 1024
        name = large.public_name
        small = (
            make_greeting(house, session, session.get_one(Action, action.id), photos=1).photos[0].public_name
        )
    page = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert f'srcset="/media/{name}-thumb.webp 480w, /media/{name}-display.webp 1280w"' in page
    assert 'sizes="(min-width: 48rem) 460px, 160px"' in page
    assert f"/media/{small}-display.webp" not in page


def test_the_latest_on_the_actions_page_are_tiles_of_the_wall(
    client: PageClient, house: House, action: Action, made: list[str]
) -> None:
    """The language, the greeting and its paper are the same, so nothing is drawn twice."""
    for _ in range(3):
        _publish(house, action)
    wall = client.get("/ales/be/greetings/").get_data(as_text=True)
    made.clear()
    strip = client.get("/ales/be/").get_data(as_text=True)
    assert made == []
    assert strip.count('class="card') == wall.count('class="card') == 3


@pytest.mark.parametrize(
    ("greetings", "left_over"),
    [(STRIP_SIZE, None), (STRIP_SIZE + 1, "1 more greeting"), (12, "4 more greetings")],
)
def test_the_latest_end_with_the_way_to_all_the_others_where_there_are_others(
    client: PageClient, house: House, action: Action, greetings: int, left_over: str | None
) -> None:
    """And only rows that were chosen to fill are stretched: a fifth tile alone would be a giant."""
    for _ in range(greetings):
        _publish(house, action)
    page = client.get("/ales/en/").get_data(as_text=True).replace("\u00a0", " ")
    ways_on = re.findall(r'<li class="next">.*?<span>(.*?)</span></a></li>', page)
    assert ways_on == ([left_over] if left_over else [])
    assert ('class="wall full"' in page) == bool(left_over)


def test_the_strip_for_partners_keeps_its_tiles_too_and_each_opens_a_page_of_its_own(
    client: PageClient, house: House, action: Action, made: list[str]
) -> None:
    _publish(house, action)
    wall = client.get("/ales/be/greetings/").get_data(as_text=True)
    made.clear()
    newest = _publish(house, action)
    strip = client.get("/embed/ales/be/strip").get_data(as_text=True)
    assert made == [newest]
    tiles = re.findall(r'<a class="g"[^>]*>', strip)
    assert len(tiles) == 2
    assert all('target="_blank" rel="noopener noreferrer"' in tile for tile in tiles)
    assert 'target="_blank"' not in wall


def test_whoever_hears_a_label_or_reads_it_as_one_line_can_tell_name_from_place(
    client: PageClient, house: House, action: Action
) -> None:
    _publish(house, action)
    page = html5lib.parse(
        client.get("/ales/be/greetings/").get_data(as_text=True), namespaceHTMLElements=False
    )
    labels = ["".join(label.itertext()).strip() for label in page.iter() if label.get("class") == "by"]
    assert labels == ["Ганна, Вільня, Літва"]


def _publish(house: House, action: Action, photos: int = 0) -> str:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), photos=photos).id


def _ids(kept: Kept) -> set[str]:
    return {one.tile.id for one in kept.everything()}
