"""The posters page, the files it leads to, and the strip on the action's page."""

import re

import pytest

from greetings.actions.models import Action, ActionText
from greetings.house import House
from greetings.posters import service
from greetings.posters.rules import ALL_FILES, Design, PaperSize, PosterFile, Suffix, poster_file_name
from greetings.posters.service import make_missing_posters
from tests.pages import PageClient, tree_of

FILE_LINK = re.compile(r'(?:href|src)="(/ales/\w\w/posters/[\w-]+\.(?:pdf|png))"')
SECTION = re.compile(r'<section class="section" aria-labelledby="posters-(\w\w)"')
NAMES = [poster_file_name(file.design, file.language, file.size, file.suffix) for file in ALL_FILES]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_page_leads_to_every_sheet_and_to_one_picture_of_each_poster(
    client: PageClient, language: str
) -> None:
    response = client.get(f"/ales/{language}/posters/")
    assert response.status_code == 200
    links = set(FILE_LINK.findall(response.get_data(as_text=True)))
    assert links == {f"/ales/{language}/posters/{name}" for name in NAMES if not name.endswith("-a3.png")}
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_language_of_the_page_comes_first(client: PageClient, language: str) -> None:
    order = SECTION.findall(client.get(f"/ales/{language}/posters/").get_data(as_text=True))
    assert order[0] == language
    assert sorted(order) == ["be", "en", "ru"]


def test_the_action_is_named_once_in_the_title(client: PageClient) -> None:
    said = client.get("/ales/en/posters/").get_data(as_text=True)
    assert "<title>Posters to print · title en</title>" in said


def test_a_picture_says_what_is_written_on_it(client: PageClient) -> None:
    assert 'lang="en" alt="Happy Birthday, Ales!"' in client.get("/ales/en/posters/").get_data(as_text=True)


@pytest.mark.parametrize("path", ["", "posters/"])
def test_the_link_around_a_picture_says_which_poster_it_opens_and_as_what(
    client: PageClient, path: str
) -> None:
    link = next(
        re.finditer(
            r'<a class="sheet" href="[^"]+-a4\.pdf" type="application/pdf".*?</a>',
            client.get(f"/ales/en/{path}").get_data(as_text=True),
            re.DOTALL,
        )
    )[0]
    assert "<h3>The ribbon" in link
    assert "PDF, A4" in link


def test_the_page_tells_how_heavy_a_file_is_once_it_is_made(client: PageClient) -> None:
    assert "kB" not in client.get("/ales/en/posters/").get_data(as_text=True)
    client.get("/ales/en/posters/ribbon-en-a4.pdf")
    html = client.get("/ales/en/posters/").get_data(as_text=True)
    assert len(re.findall(r"\d\skB</span>", html)) == 1
    for language in ("be", "ru"):
        assert re.search(r"\d\sкБ</span>", client.get(f"/ales/{language}/posters/").get_data(as_text=True))


@pytest.mark.parametrize("page", ["be", "en"])
@pytest.mark.parametrize(
    ("name", "content_type", "begins"),
    [
        ("ribbon-be-a4.pdf", "application/pdf", b"%PDF-"),
        ("wish-ru-a3.pdf", "application/pdf", b"%PDF-"),
        ("letter-en-a4.png", "image/png", b"\x89PNG"),
        ("rowan-be-a3.png", "image/png", b"\x89PNG"),
    ],
)
def test_a_file_is_what_its_name_says(
    client: PageClient, page: str, name: str, content_type: str, begins: bytes
) -> None:
    response = client.get(f"/ales/{page}/posters/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'inline; filename="ales-{name}"'
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.get_data().startswith(begins)


def test_whoever_has_a_poster_is_not_sent_it_again(client: PageClient, house: House, action: Action) -> None:
    first = client.get("/ales/be/posters/ribbon-be-a4.png")
    again = client.get("/ales/be/posters/ribbon-be-a4.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.get_data()
    other = client.get("/ales/be/posters/ribbon-be-a3.png", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_new_words_are_another_poster_at_once(client: PageClient, house: House, action: Action) -> None:
    first = client.get("/ales/be/posters/ribbon-be-a4.pdf")
    with house.database.work() as session:
        text = session.get_one(ActionText, (action.id, "be"))
        text.words = {**text.words, "poster_lines": "З днём\nнараджэння,\nМаксім!"}
    after = client.get("/ales/be/posters/ribbon-be-a4.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert after.get_data() != first.get_data()


@pytest.mark.parametrize(
    "name",
    [
        "ribbon-be-a4.svg",
        "ribbon-be-a5.pdf",
        "ribbon-de-a4.pdf",
        "parts-be-a4.pdf",
        "RIBBON-be-a4.pdf",
        "ribbon-be-a4.pdf%0a",
        "..%2f..%2fsecret",
    ],
)
def test_nothing_else_lives_there(client: PageClient, name: str) -> None:
    assert client.get(f"/ales/en/posters/{name}").status_code == 404


def test_words_that_cannot_be_set_are_no_poster(client: PageClient, house: House, action: Action) -> None:
    with house.database.work() as session:
        text = session.get_one(ActionText, (action.id, "en"))
        text.words = {**text.words, "poster_lines": "生日快樂\n你好"}
    assert client.get("/ales/en/posters/ribbon-en-a4.pdf").status_code == 404
    assert client.get("/ales/en/posters/").status_code == 200


def test_a_hidden_action_has_no_posters(client: PageClient, house: House, action: Action) -> None:
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    assert client.get("/ales/en/posters/").status_code == 404
    assert client.get("/ales/en/posters/ribbon-en-a4.pdf").status_code == 404


def test_the_action_shows_some_of_its_posters(client: PageClient) -> None:
    html = client.get("/ales/be/").get_data(as_text=True)
    shown = re.findall(r'src="/ales/be/posters/(\w+)-(\w\w)-a4\.png"', html)
    assert shown[0] == ("ribbon", "be")
    assert {language for _, language in shown} == {"be", "en", "ru"}


def test_what_stands_apart_on_a_sheet_is_heard_apart(client: PageClient) -> None:
    client.get("/ales/en/posters/ribbon-en-a4.pdf")  # then it is known how heavy it is
    read = " ".join("".join(tree_of(client.get("/ales/en/")).itertext()).split())
    assert "The ribbon, English PDF, A4, " in read


def test_pages_make_no_poster_themselves(
    client: PageClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_make", None)
    for path in ("", "posters/"):
        assert client.get(f"/ales/be/{path}").status_code == 200
    assert not list(house.storage.files("posters"))


def test_what_the_first_start_made_is_what_is_served(
    client: PageClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = PosterFile(Design.WISH, "ru", PaperSize.A3, Suffix.PDF)
    monkeypatch.setattr(service, "ALL_FILES", (wanted,))
    with house.database.reading() as session:
        assert make_missing_posters(house, session) == 1
    (found,) = house.storage.files("posters/ales")
    assert client.get("/ales/be/posters/wish-ru-a3.pdf").get_data() == house.storage.read(found.key)
