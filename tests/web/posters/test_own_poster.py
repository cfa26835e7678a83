"""A poster with one's own words: at once, of any words, and nothing of it is kept. And labels for envelopes."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from greetings.actions.models import Action, ActionText
from greetings.house import House
from greetings.typesetting import at_the_press, with_breaks
from tests.folders import all_bytes_in
from tests.pages import PageClient
from tests.web.walk.naughty import WORDS, words_of_others

OWN = "/ales/be/posters/own"
PATIENCE_SECONDS = 60  # with what takes no time, on a machine with other work
STEERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x1b\x7f")


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def millimetres(pdf: bytes) -> tuple[int, int]:
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


@pytest.mark.parametrize(("size", "paper"), [("a4", (210, 297)), ("a3", (297, 420))])
@pytest.mark.parametrize("look", ["white", "red"])
def test_words_become_a_poster_of_the_chosen_size_and_look(
    client: PageClient, size: str, paper: tuple[int, int], look: str
) -> None:
    fields = {
        "wish": "Чакаем дома!",
        "name": "Ганна",
        "town": "Вільня",
        "size": size,
        "look": look,
        "as": "pdf",
    }
    answer = client.post(OWN, data=fields)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ales-own-wish.pdf"'
    assert millimetres(answer.data) == paper
    said = words_in(answer.data)
    for words in ("Чакаем", "дома!", "Ганна", "Вільня"):
        assert words in said
    assert PdfReader(io.BytesIO(answer.data)).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_it_can_be_looked_at_first(client: PageClient) -> None:
    answer = client.post(OWN, data={"wish": "Чакаем дома!", "as": "png"})
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (595, 842)


def test_nothing_of_it_is_kept(client: PageClient, house: House) -> None:
    def everything() -> set[str]:
        return {str(path) for path in house.settings.data.rglob("*") if path.suffix != ".sqlite-shm"}

    before = everything()
    answer = client.post(OWN, data={"wish": "Ніхто гэтага не захавае", "as": "pdf"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert everything() == before
    assert "Ніхто гэтага не захавае".encode() not in all_bytes_in(house.settings.data)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wish": ""}, "Please write what the poster should say."),
        ({"wish": " \u202e\u200f \x07"}, "Please write what the poster should say."),
        ({"wish": "а" * 141}, "at most 140 characters"),
        ({"wish": "ы" * 10_000}, "at most 140 characters"),
        ({"wish": "生日快樂"}, "Latin and Cyrillic letters only"),
        ({"wish": "🎂🎉"}, "Latin and Cyrillic letters only"),
        ({"wish": "Сто гадоў", "name": "б" * 61}, "at most 60 characters"),
        ({"wish": "Сто гадоў", "town": "Гародня" + "г" * 54}, "at most 60 characters"),
        ({"wish": "Сто гадоў", "name": "Ana ბერიძე"}, "or leave it empty"),
        ({"wish": "Сто гадоў", "town": "Гародня 北京"}, "or leave it empty"),
        ({}, "Please write what the poster should say."),
    ],
)
def test_what_can_not_be_set_is_said_kindly_and_nothing_typed_is_lost(
    client: PageClient, fields: dict[str, str], said: str
) -> None:
    answer = client.post("/ales/en/posters/own", data={"town": "Гародня", **fields, "as": "pdf"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    assert 'value="Гародня' in html
    assert html.count("ы") >= fields.get("wish", "").count("ы")


def test_emoji_and_control_signs_leave_the_words_in_peace(client: PageClient) -> None:
    wish = "\u202eТрымайся\u2066, Алесь! 🎂\x00\x1b[31m"
    answer = client.post(OWN, data={"wish": wish, "name": "🎉", "as": "pdf"})
    assert answer.status_code == 200
    said = words_in(answer.data)
    assert "Трымайся, Алесь!" in said
    assert not set("\u202e\u2066🎂🎉\x1b") & set(said)


@pytest.mark.parametrize("strange", [{"size": "a0"}, {"look": "<svg>"}, {"as": "exe"}, {"as": ""}])
def test_a_choice_that_is_none_counts_as_not_chosen(client: PageClient, strange: dict[str, str]) -> None:
    answer = client.post(OWN, data={"wish": "Сто гадоў!", **strange})
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert millimetres(answer.data) == (210, 297)


@pytest.mark.corpus
def test_naughty_strings_are_refused_or_set_and_never_break_anything(
    client: PageClient, corpus: Path
) -> None:
    seen = set()
    for wish in (*WORDS, *words_of_others(corpus)):
        if "\ud800" in wish:
            continue  # no browser can send it
        answer = client.post(OWN, data={"wish": wish, "name": wish[:60], "town": wish[:60], "as": "pdf"})
        assert answer.status_code in {200, 422}, wish
        seen.add(answer.status_code)
        if answer.status_code == 200:
            assert len(PdfReader(io.BytesIO(answer.data)).pages) == 1
    assert seen == {200, 422}


@pytest.mark.corpus
def test_naughty_strings_are_words_on_a_telephone_that_is_held_up(client: PageClient, corpus: Path) -> None:
    """The client reads each page as a strict browser would."""
    set_at_all = 0
    for wish in (*WORDS, *words_of_others(corpus)[::5]):
        fields = {"wish": wish, "name": wish[:60], "town": wish[:60], "as": "phone"}
        answer = client.post(OWN, data=fields)
        assert answer.status_code in {200, 422}, wish
        page = answer.get_data(as_text=True)
        assert "<canary" not in page, wish
        if answer.status_code == 200:
            set_at_all += 1
            assert not set(page) & STEERING, wish
    assert set_at_all > 20


def test_typesetting_code_in_a_wish_is_only_letters(client: PageClient) -> None:
    wish = '#panic("x") #read("/etc/passwd") $x^2$ *b*'
    answer = client.post(OWN, data={"wish": wish, "as": "pdf"})
    assert answer.status_code == 200
    assert "#panic(" in words_in(answer.data).replace(" ", "")


def test_a_word_without_end_stays_on_the_sheet() -> None:
    broken = with_breaks("а" * 100)
    assert broken.replace("\u200b", "") == "а" * 100
    assert max(map(len, broken.split("\u200b"))) <= 22
    assert with_breaks("З днём нараджэння!") == "З днём нараджэння!"


def test_only_a_few_are_at_the_press_at_once(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greetings.typesetting.PATIENCE_SECONDS", 0.05)
    inside, leave = threading.Barrier(3), threading.Event()

    def stay() -> None:
        with at_the_press():
            inside.wait(PATIENCE_SECONDS)
            leave.wait(PATIENCE_SECONDS)

    threads = [threading.Thread(target=stay) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(PATIENCE_SECONDS)
    try:
        answer = client.post(OWN, data={"wish": "Сто гадоў!", "as": "pdf"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
    finally:
        leave.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert client.post(OWN, data={"wish": "Сто гадоў!", "as": "pdf"}).status_code == 200


def test_another_site_can_not_have_posters_set_here(client: PageClient) -> None:
    answer = client.post(OWN, data={"wish": "Сто гадоў!"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "posters/"])
def test_people_find_it_where_posters_are(client: PageClient, path: str) -> None:
    assert 'href="/ales/en/posters/own"' in client.get(f"/ales/en/{path}").get_data(as_text=True)


def test_the_address_comes_on_labels_in_both_scripts(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        for text in session.scalars(select(ActionText)):
            lines = {"be": "Бяляцкаму Алесю\n213807, г. Бабруйск", "en": "Ales Bialiatski\n213807 Babruisk"}
            text.words = {**text.words, "address": lines.get(text.language, "ул. Сикорского, 1")}
    answer = client.get("/ales/be/posters/labels.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    said = words_in(answer.data)
    assert said.count("Бяляцкаму Алесю") == 4
    assert said.count("Ales Bialiatski") == 4
    assert millimetres(answer.data) == (210, 297)
    assert 'href="/ales/be/posters/labels.pdf"' in client.get("/ales/be/").get_data(as_text=True)


def test_without_an_address_there_are_no_labels(client: PageClient, house: House) -> None:
    with house.database.work() as session:
        for text in session.scalars(select(ActionText)):
            text.words = {**text.words, "address": ""}
    assert client.get("/ales/be/posters/labels.pdf").status_code == 404
    assert "labels.pdf" not in client.get("/ales/be/").get_data(as_text=True)
