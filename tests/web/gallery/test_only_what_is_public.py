"""Promise 7: only what is public is reachable, by any path: wall, strip, counts, search, permalink, pictures."""

from typing import Any

import pytest
from sqlalchemy import event, update
from werkzeug.test import TestResponse

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.files import PUBLIC_RENDITIONS, RENDITIONS, public_file_name
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from greetings.submissions.walls import keep_action_true
from tests.factories import ALL_USES, make_action, make_greeting
from tests.pages import PageClient

SECRET = "таямніца"
PATHS = (
    "/ales/be/",
    "/ales/be/greetings/",
    "/ales/en/greetings/?kind=photo",
    "/ales/en/greetings/?country=LT",
    "/ales/en/greetings/?lang=be",
    f"/ales/en/greetings/?q={SECRET}",
)
NOT_PUBLIC: dict[str, dict[str, object]] = {
    "pending": {"state": State.PENDING},
    "rejected": {"state": State.REJECTED},
    "withdrawn": {"state": State.WITHDRAWN},
    "erased": {"state": State.ERASED},
    "without consent to the gallery": {"granted": ALL_USES - {Use.GALLERY}},
    "without any consent": {"granted": frozenset()},
}


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        facts = {"text": SECRET, "search_text": SECRET, "photos": 1, **facts}
        return make_greeting(house, session, here, **facts)  # type: ignore[arg-type]


def permalink(greeting: Greeting) -> str:
    return f"/ales/be/greetings/{greeting.id}"


def assert_nowhere(client: PageClient, greeting: Greeting) -> None:
    """No page says a word of it, counts it or links to it."""
    for path in PATHS:
        html = client.get(path).get_data(as_text=True)
        assert greeting.id not in html, path
        assert SECRET not in html.replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", ""), path
        assert "media/" not in html, path
    assert "<b>1</b>" not in client.get("/ales/en/greetings/").get_data(as_text=True)


def pictures(client: PageClient, greeting: Greeting) -> list[TestResponse]:
    """Answers for every name a file of the greeting's photos has or could have."""
    names = {name for photo in greeting.photos for name in (photo.public_name, photo.private_name) if name}
    return [
        client.get(f"/media/{public_file_name(name, rendition)}")
        for name in names
        for rendition in RENDITIONS
    ]


def test_a_public_greeting_is_on_every_page(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    for path in PATHS:
        html = client.get(path).get_data(as_text=True)
        assert greeting.id in html, path
    page = client.get(permalink(greeting))
    assert page.status_code == 200
    assert SECRET in page.get_data(as_text=True)
    name = greeting.photos[0].public_name
    assert name
    for rendition in PUBLIC_RENDITIONS:
        answer = client.get(f"/media/{public_file_name(name, rendition)}")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("why", NOT_PUBLIC)
def test_what_is_not_public_is_nowhere(client: PageClient, house: House, action: Action, why: str) -> None:
    greeting = make(house, action, **NOT_PUBLIC[why])
    assert_nowhere(client, greeting)
    assert client.get(permalink(greeting)).status_code == (410 if why in {"withdrawn", "erased"} else 404)
    assert client.get(f"{permalink(greeting)}/report").status_code in {404, 410}
    assert {answer.status_code for answer in pictures(client, greeting)} <= {404, 410}


def test_a_greeting_that_a_moderator_keeps_off_the_wall_is_nowhere(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        set_uses(house, session, row, actor="m", disallowed={Use.GALLERY})
    assert_nowhere(client, greeting)
    assert client.get(permalink(greeting)).status_code == 404
    assert {answer.status_code for answer in pictures(client, greeting)} == {404}


def test_nothing_of_a_hidden_action_is_reachable(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    with house.database.work() as session:
        row = session.get_one(Action, action.id)
        row.is_public = False
        keep_action_true(session, house.storage, row)
    for path in (*PATHS, permalink(greeting), "/ales/be/privacy", f"{permalink(greeting)}/report"):
        assert client.get(path).status_code == 404, path
    assert {answer.status_code for answer in pictures(client, greeting)} == {404}
    assert "ales" not in client.get("/").get_data(as_text=True).replace("0 ales", "")


def test_an_action_is_hidden_and_shown_by_as_many_questions_however_many_greetings_hang(
    client: PageClient, house: House, action: Action
) -> None:
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))

    def questions() -> list[int]:
        counts = []
        for is_public in (False, True):
            with house.database.work() as session:
                row = session.get_one(Action, action.id)
                row.is_public = is_public
                session.flush()
                asked.clear()
                keep_action_true(session, house.storage, row)
                session.flush()
                counts.append(len(asked))
        return counts

    made = [make(house, action)]
    of_one = questions()
    made += [make(house, action) for _ in range(4)]
    assert questions() == of_one
    wall = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert "<b>5</b> greetings" in wall
    places = [wall.index(f'id="g-{one.id}"') for one in made]
    assert places == sorted(places, reverse=True)  # in the order of their arrival, the newest first


def test_a_hidden_action_shows_nothing_even_before_its_files_are_taken_away(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    assert {answer.status_code for answer in pictures(client, greeting)} == {404}


@pytest.mark.parametrize("fact", [{"state": State.REJECTED}, {"public_sequence": None}])
def test_rows_that_disagree_open_no_picture(
    client: PageClient, house: House, action: Action, fact: dict[str, Any]
) -> None:
    """The name alone opens nothing: place and state of the greeting are asked each time."""
    greeting = make(house, action)
    with house.database.work() as session:
        session.execute(update(Greeting).where(Greeting.sequence == greeting.sequence).values(fact))
    assert {answer.status_code for answer in pictures(client, greeting)} == {404}


@pytest.mark.parametrize("step", [Step.WITHDRAW, Step.ERASE])
def test_what_was_public_and_is_taken_back_is_gone_for_good(
    client: PageClient, house: House, action: Action, step: Step
) -> None:
    greeting = make(house, action)
    path = f"/media/{public_file_name(greeting.photos[0].public_name or '', PUBLIC_RENDITIONS[0])}"
    assert client.get(path).status_code == 200
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), step, actor="sender")
    assert_nowhere(client, greeting)
    assert client.get(permalink(greeting)).status_code == 410
    gone = client.get(path)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-store")


def test_a_greeting_sent_back_to_the_queue_leaves_its_old_picture_addresses_dead(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    old = f"/media/{public_file_name(greeting.photos[0].public_name or '', PUBLIC_RENDITIONS[0])}"
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        take_step(house, session, row, Step.REOPEN, actor="m")
        take_step(house, session, row, Step.APPROVE, actor="m")
    assert client.get(old).status_code == 404
    assert client.get(permalink(greeting)).status_code == 200


def test_the_master_is_never_served(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    for answer in pictures(client, greeting):
        if answer.status_code == 200:
            assert "master" not in answer.request.path
            assert greeting.photos[0].private_name not in answer.request.path


@pytest.mark.parametrize(("state", "own_status"), [(State.APPROVED, 200), (State.WITHDRAWN, 410)])
def test_a_greeting_is_found_only_in_its_own_action(
    client: PageClient, house: House, action: Action, state: State, own_status: int
) -> None:
    """Nor is it said there that one was taken back: whoever knows an ID learns nothing in another place."""
    greeting = make(house, action, state=state)
    with house.database.work() as session:
        make_action(session, slug="nasta")
    assert client.get(permalink(greeting)).status_code == own_status
    assert client.get(f"/nasta/be/greetings/{greeting.id}").status_code == 404
    assert greeting.id not in client.get("/nasta/be/greetings/").get_data(as_text=True)


@pytest.mark.parametrize(
    "name",
    ["", "x", "..%2f..%2fsecret", "a" * 20 + "-display.jpg", "a" * 20 + "-master.webp", "a" * 20 + "-thumb.webp",
     "A" * 20 + "-thumb.webp", "а" * 20 + "-thumb.webp", "a" * 20 + "-thumb.webp%00", "a" * 20 + "-thumb.webp%0a"],
)  # fmt: skip
def test_nothing_else_lives_below_media(client: PageClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize("greeting_id", ["x", "a" * 20, "0" * 20, "é" * 20, "%00" * 3])
def test_an_address_that_leads_to_nobody_is_not_found(client: PageClient, greeting_id: str) -> None:
    assert client.get(f"/ales/be/greetings/{greeting_id}").status_code == 404


def test_a_picture_is_not_sent_twice_to_who_has_it(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    path = f"/media/{public_file_name(greeting.photos[0].public_name or '', PUBLIC_RENDITIONS[0])}"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=300"
