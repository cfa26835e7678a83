import io
from dataclasses import replace

import pytest
import typst
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from greetings import typesetting
from greetings.posters import press as press_room
from greetings.posters.press import draw_preview, press_digest, print_pdf
from greetings.posters.rules import Design, PaperSize, PosterWords
from greetings.typesetting import Unprintable, our_fonts

BELARUSIAN = PosterWords(
    language="be",
    headline=("З\u00a0днём", "нараджэння,", "Алесь!"),
    age=50,
    stamp_above="25 верасня",
    stamp_below="гадоў",
    day="25.09",
    town="Бабруйск",
    country="Беларусь",
    sender_label="Ад каго",
    foot="birthday.example/ales",
)
ENGLISH = replace(
    BELARUSIAN,
    language="en",
    headline=("Happy", "Birthday,", "Ales!"),
    stamp_above="25 September",
    stamp_below="years",
    sender_label="From",
)
RUSSIAN = replace(
    BELARUSIAN,
    language="ru",
    headline=("С\u00a0днём", "рождения,", "Алесь!"),
    stamp_above="25 сентября",
    stamp_below="лет",
    sender_label="От кого",
)
LANGUAGES = [BELARUSIAN, ENGLISH, RUSSIAN]
HEADLINES = [
    ("Віншуем!",),
    ("Happy Birthday, Nasta Loika!",),
    ("Happy Birthday,", "Nasta Loika!"),
    ("З\u00a0днём", "нараджэння,", "Мікалай Статкевіч!"),
    ("С днём рождения", "от всей души,", "дорогой", "Константин-Владислав Крижановский-Александров!"),
    ("Ў" * 40,),
    ("і",),
]
# millimetres at the left and right edge that no letter may reach, from where on the sheet downwards
EDGES = {Design.RIBBON: (7, 0), Design.LETTER: (22, 95), Design.ROWAN: (7, 160), Design.WISH: (16, 232)}
FRAME = {Design.RIBBON: 0, Design.LETTER: 16, Design.ROWAN: 0, Design.WISH: 11}
RED, WHITE = (179, 19, 28), (255, 255, 255)
A4_POINTS, A3_POINTS = (595.3, 841.9), (841.9, 1190.6)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words_in(pdf: bytes) -> str:
    (page,) = read(pdf).pages
    return " ".join(page.extract_text().replace("\u00a0", " ").split())


def picture_of(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def fonts_in(pdf: bytes) -> dict[str, bool]:
    """Name of each font of the page, and whether its outlines are in the file."""
    found = {}
    for font in read(pdf).pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        for drawn in font.get_object()["/DescendantFonts"]:
            facts = drawn.get_object()["/FontDescriptor"]
            found[str(drawn.get_object()["/BaseFont"])] = "/FontFile3" in facts or "/FontFile2" in facts
    return found


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
@pytest.mark.parametrize("design", Design)
def test_the_words_on_a_sheet_can_be_read_copied_and_searched(design, words):
    text = words_in(print_pdf(design, words, PaperSize.A4))
    position = -1
    for row in words.headline:
        position = text.find(row.replace("\u00a0", " "), position + 1)
        assert position >= 0, f"{row} is not in {text!r}, or not in its place"


def test_a_letter_carries_the_age_the_day_and_who_sends_it():
    text = words_in(print_pdf(Design.LETTER, BELARUSIAN, PaperSize.A4))
    assert "50" in text
    assert "25 ВЕРАСНЯ" in text
    assert "ГАДОЎ" in text
    assert "Ад каго" in text
    assert "birthday.example/ales" in text


@pytest.mark.parametrize("design", Design)
def test_only_our_fonts_are_used_and_they_travel_with_the_sheet(design):
    fonts = fonts_in(print_pdf(design, BELARUSIAN, PaperSize.A4))
    assert fonts
    for name, is_embedded in fonts.items():
        assert "+Source" in name
        assert is_embedded, f"{name} is not in the file"


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
@pytest.mark.parametrize("design", Design)
def test_a_sheet_is_an_accessible_document_in_its_language(design, words):
    document = read(print_pdf(design, words, PaperSize.A4))
    assert document.root_object["/Lang"] == words.language
    assert document.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert document.metadata is not None
    assert document.metadata.title == " ".join(words.headline)
    assert document.metadata.author is None
    assert document.metadata.creation_date is not None
    assert document.metadata.creation_date.year == 1970


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize(("size", "points"), [(PaperSize.A4, A4_POINTS), (PaperSize.A3, A3_POINTS)])
def test_a_sheet_is_one_page_of_its_paper(design, size, points):
    (page,) = read(print_pdf(design, BELARUSIAN, size)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(points, abs=0.2)


@pytest.mark.parametrize("design", Design)
def test_a3_says_what_a4_says(design):
    a4, a3 = (print_pdf(design, BELARUSIAN, size) for size in PaperSize)
    assert words_in(a3) == words_in(a4)


@pytest.mark.parametrize("design", Design)
def test_a_preview_is_light_and_of_the_promised_size(design):
    png = draw_preview(design, BELARUSIAN)
    assert len(png) < 60_000
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (595, 842)
        assert picture.format == "PNG"
    colours = {colour for _, colour in picture_of(png).getcolors(1000) or []}
    assert {RED, WHITE} <= colours  # not nearly so: exactly


@pytest.mark.parametrize("design", Design)
def test_the_same_words_give_the_same_bytes(design):
    made = print_pdf(design, BELARUSIAN, PaperSize.A3), draw_preview(design, BELARUSIAN)
    our_fonts.cache_clear()  # in another process the fonts lie in another folder
    assert made == (print_pdf(design, BELARUSIAN, PaperSize.A3), draw_preview(design, BELARUSIAN))


def assert_no_letter_near_the_edge(png: bytes, design: Design) -> None:
    picture = picture_of(png)
    per_mm = picture.width / 210
    outer, top = round(EDGES[design][0] * per_mm), round(EDGES[design][1] * per_mm)
    inner = round(FRAME[design] * per_mm)
    for left, right in ((inner, outer), (picture.width - outer, picture.width - inner)):
        strip = picture.crop((left, top, right, round(280 * per_mm)))
        bare = strip.crop((0, 0, 1, strip.height)).resize(strip.size)
        assert ImageChops.difference(strip, bare).getbbox() is None, f"something stands on {design}’s edge"


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda rows: rows[-1][:12])
@pytest.mark.parametrize("design", Design)
def test_a_headline_of_any_length_keeps_clear_of_the_edges(design, headline):
    words = replace(BELARUSIAN, headline=headline)
    assert_no_letter_near_the_edge(draw_preview(design, words), design)
    flat = words_in(print_pdf(design, words, PaperSize.A4)).replace(" ", "")
    assert "".join(headline).replace(" ", "").replace("\u00a0", "") in flat


names = st.text("АаБбЎўІіЁёшщ-’", min_size=1, max_size=24).filter(str.strip)


@hypothesis_settings(max_examples=12)
@given(
    design=st.sampled_from(Design),
    rows=st.lists(st.lists(names, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4),
)
def test_whatever_people_are_called_it_fits(design, rows):
    words = replace(BELARUSIAN, headline=tuple(rows))
    assert_no_letter_near_the_edge(draw_preview(design, words), design)


@pytest.mark.parametrize("age", [0, 1, 2, 18, 101, 150])
def test_every_age_has_its_stamp_and_its_berries(age):
    words = replace(BELARUSIAN, age=age)
    assert str(age) in words_in(print_pdf(Design.LETTER, words, PaperSize.A4))
    assert draw_preview(Design.ROWAN, words) != draw_preview(Design.ROWAN, replace(words, age=50))


def test_words_are_only_words_even_if_they_look_like_code():
    hostile = ('#panic("x")', "$ x^2 $ *bold*", "@label <tag>", "\\u{41} // no")
    text = words_in(print_pdf(Design.RIBBON, replace(BELARUSIAN, headline=hostile), PaperSize.A4))
    for row in hostile:
        assert row.replace(" ", "") in text.replace(" ", "")


def test_what_our_fonts_cannot_draw_is_left_out():
    with_cake = replace(BELARUSIAN, headline=("З\u00a0днём", "🎂", "нараджэння,", "Алесь! 🎉"))
    assert draw_preview(Design.LETTER, with_cake) == draw_preview(Design.LETTER, BELARUSIAN)


@pytest.mark.parametrize("design", Design)
def test_words_in_letters_we_do_not_have_make_no_empty_poster(design):
    with pytest.raises(Unprintable):
        print_pdf(design, replace(BELARUSIAN, headline=("生日快樂",)), PaperSize.A4)


@pytest.mark.parametrize("design", Design)
def test_without_its_fonts_a_press_prints_nothing(monkeypatch, design):
    bare = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    monkeypatch.setattr(typesetting, "our_fonts", lambda: bare)
    with pytest.raises(Unprintable):
        print_pdf(design, BELARUSIAN, PaperSize.A4)


def test_the_digest_follows_the_designs(monkeypatch, tmp_path):
    before = press_digest()
    (tmp_path / "ribbon.typ").write_text("another design", encoding="utf-8")
    monkeypatch.setattr(press_room, "DESIGNS", tmp_path)
    assert press_digest.__wrapped__() != before
    assert press_digest() == before
