"""The queue as a moderator sees it, without a script."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind, State, Use
from tests.factories import make_action
from tests.web.moderation.conftest import Desk

Sent = Callable[..., Greeting]

MOST_STATEMENTS = 31  # of a decision and the next item; one looks at the rights again when the form has come


def text(response) -> str:
    return response.get_data(as_text=True)


def shown(response) -> str | None:
    """The ID of the item on the table."""
    page = text(response)
    marker = 'id="bench" tabindex="-1" data-id="'
    return page.split(marker)[1].split('"')[0] if marker in page else None


def test_the_desk_opens_at_the_queue(volha: Desk):
    response = volha.get("/desk/")
    assert response.status_code == 303
    assert response.location == "/desk/queue"


def test_nobody_comes_in_without_signing_in(client, sent: Sent):
    greeting = sent()
    asked = client.get("/desk/queue", headers={"Accept": "text/html"})
    assert asked.status_code == 302
    assert asked.location.startswith("/desk/sign-in")
    assert client.post(f"/desk/greetings/{greeting.id}/approve", data={"version": 1}).status_code == 401


def test_an_empty_queue_says_thank_you(volha: Desk):
    page = text(volha.get("/desk/queue"))
    assert "Everything is answered" in page
    assert shown(volha.get("/desk/queue")) is None


def test_the_oldest_is_on_the_table(volha: Desk, sent: Sent):
    first, _second = sent(), sent()
    assert shown(volha.get("/desk/queue")) == first.id


@pytest.mark.parametrize("page", ["/desk/queue", "/desk/sheet"])
def test_approve_and_reject_stand_apart_and_have_their_keys(volha: Desk, sent: Sent, page: str):
    sent()
    bar = text(volha.get(page)).split('<div class="decide"')[1].split("</div>")[0]
    keys = re.findall(r'data-key="(\w)"', bar)
    assert (keys[0], keys[-1]) == ("r", "a")
    assert bar.index('data-key="r"') < bar.index('class="push') < bar.index('data-key="a"')


def test_how_many_wait_and_since_when_is_always_in_sight(seat, sent: Sent, clock):
    sent()
    clock.forward(days=3)
    sent()
    page = text(seat("Volha").get("/desk/queue"))
    assert 'Waiting: <b class="num" data-waiting>2</b>' in page
    assert "the oldest for 3 days" in page
    assert "number 1 in the queue" in page


def test_a_skipped_one_comes_again_at_the_end_of_the_round(volha: Desk, sent: Sent):
    first, second, third = sent(), sent(), sent()
    assert shown(volha.get(f"/desk/queue?after={first.id}")) == second.id
    assert shown(volha.get(f"/desk/queue?after={second.id}")) == third.id
    assert shown(volha.get(f"/desk/queue?after={third.id}")) == first.id


def test_back_leads_to_the_one_before_and_stops_at_the_oldest(volha: Desk, sent: Sent):
    first, second = sent(), sent()
    assert shown(volha.get(f"/desk/queue?before={second.id}")) == first.id
    assert shown(volha.get(f"/desk/queue?before={first.id}")) == first.id


def test_an_item_decided_meanwhile_makes_room_for_the_next(volha: Desk, sent: Sent):
    sent()
    decided, third = sent(state=State.APPROVED), sent()
    assert shown(volha.get(f"/desk/queue?at={decided.id}")) == third.id


@pytest.mark.parametrize("place", ["'", "%00", "x" * 20, "a" * 3000, "../..", "1 OR 1=1"])
def test_a_strange_place_shows_the_oldest(volha: Desk, sent: Sent, place: str):
    first, _second = sent(), sent()
    for name in ("at", "after", "before"):
        assert shown(volha.get("/desk/queue", query_string={name: place})) == first.id


def test_words_stand_in_their_own_language_and_are_inert(volha: Desk, sent: Sent):
    sent(text="<script>alert(1)</script> З днём!\nДругі радок", language="be", name="<b>Ганна</b>")
    page = text(volha.get("/desk/queue"))
    assert '<blockquote lang="be" dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; З днём!' in page
    assert "&lt;b&gt;Ганна&lt;/b&gt;" in page


def test_everything_a_decision_needs_is_said(volha: Desk, sent: Sent):
    sent(
        photos=2,
        kind=Kind.PHOTO,
        name="Студэнты ЕГУ",
        town="Vilnius",
        country="LT",
        organisation="EHU",
        office="Vilnius office",
        granted=frozenset({Use.GALLERY, Use.POST}),
        shows_people_who_agreed=True,
        shows_children=True,
    )
    page = text(volha.get("/desk/queue"))
    for said in (
        "Студэнты ЕГУ",
        "Vilnius, Lithuania",
        "<bdi>EHU</bdi>, <bdi>Vilnius office</bdi>",
        "18\xa0September 2026",
        "not: give to the press",
        "not: show at events",
        "Children are shown",
        "everyone shown agreed",
        "Picture 2 of 2",
    ):
        assert said in page, said


def test_times_of_senders_are_shown_to_the_day(volha: Desk, sent: Sent):
    greeting = sent()
    for path in ("/desk/queue", f"/desk/greetings/{greeting.id}"):
        assert "14:00" not in text(volha.get(path))


def test_the_action_is_named_when_there_are_several(volha: Desk, sent: Sent, house: House):
    sent()
    assert "title en" not in text(volha.get("/desk/queue"))
    with house.database.work() as session:
        make_action(session, slug="other", born_on=date(1970, 1, 1))
    assert "title en" in text(volha.get("/desk/queue"))


def test_pictures_are_for_the_team_only_and_never_kept(volha: Desk, client, sent: Sent):
    photo = sent(photos=1).photos[0]
    for name, kind in (("master", "image/jpeg"), ("display", "image/webp"), ("thumb", "image/webp")):
        path = f"/desk/pictures/{photo.private_name}/{name}"
        response = volha.get(path)
        assert response.status_code == 200
        assert response.mimetype == kind
        assert response.headers["Cache-Control"] == "no-store"
        assert client.get(path, headers={"Accept": "image/*"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["nobody/master", "x" * 20 + "/master", "NAME/original", "NAME/..%2f..%2fsecret"]
)
def test_no_other_picture_exists(volha: Desk, sent: Sent, path: str):
    photo = sent(photos=1).photos[0]
    assert volha.get("/desk/pictures/" + path.replace("NAME", photo.private_name)).status_code == 404


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_queue_opens_in_each_language(seat, sent: Sent, language: str):
    sent(photos=1)
    desk = seat("Ala", language=language)
    response = desk.get("/desk/queue")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in text(response)


def test_a_queue_page_asks_the_database_a_fixed_number_of_times(
    app: Flask, volha: Desk, sent: Sent, house: House, action: Action
):
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    sent(photos=1)
    volha.get("/desk/queue")
    asked.clear()
    volha.get("/desk/queue")
    with_one = len(_for_the_page(asked))
    for _ in range(5):
        sent(photos=3)
    asked.clear()
    volha.get("/desk/queue")
    assert len(_for_the_page(asked)) == with_one


def test_a_decision_and_the_next_item_ask_the_database_a_bounded_number_of_times(
    volha: Desk, sent: Sent, house: House, action: Action
):
    from sqlalchemy import event

    waiting = [sent(photos=3) for _ in range(6)]
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    counts = []
    for decided in waiting[:4]:
        asked.clear()
        assert volha.do("approve", decided, json=True).status_code == 200
        volha.client.get(f"/desk/queue?after={decided.id}", headers={"Accept": "application/json"})
        counts.append(len(_for_the_page(asked)))
    assert max(counts) <= MOST_STATEMENTS, asked


def _for_the_page(asked: list[str]) -> list[str]:
    """Without the look at what has changed for visitors, which is due twice a second."""
    return [one for one in asked if "public_change" not in one and not one.startswith("BEGIN")]
