"""The parts of pages: strict about names, deaf to markup in what people wrote, honest to screen readers."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import i18n
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

from greetings.gallery.fragments import in_lines
from greetings.submissions.excerpts import excerpt
from greetings.web.cleaning import writable

TEMPLATES = Path(__file__).parents[3] / "templates"
MARKUP = '<b onclick="x">\'&'


def test_only_tiles_of_a_wall_are_decoded_apart_from_their_page():
    """A page with few pictures is drawn with them: apart, they are white in a picture of the whole page."""
    apart = [
        path.relative_to(TEMPLATES).as_posix()
        for path in sorted(TEMPLATES.rglob("*.html"))
        if 'decoding="async"' in path.read_text(encoding="utf-8")
    ]
    assert apart == ["macros/wall.html"]


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[i18n],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters["unbroken"] = str
    env.filters["in_lines"] = in_lines
    env.filters["writable"] = lambda value: writable(str(value))
    env.filters["excerpt"] = excerpt
    env.filters["number"] = lambda value: f"{value:,}"
    return env


ENV = environment()


def part(name: str, macro: str, *args: Any, **kwargs: Any) -> str:
    return str(getattr(ENV.get_template(f"macros/{name}.html").module, macro)(*args, **kwargs))


def tree(html: str) -> ET.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: ET.Element = parser.parse(
        f"<!doctype html><html lang='en'><head><title>x</title></head><body>{html}</body></html>"
    )
    return root


@dataclass(frozen=True)
class View:
    id: str = "g1"
    url: str = "/ales/be/greetings/g1"
    kind: str = "photo"
    language: str | None = "be"
    name: str = "Ганна"
    place: str = "Вільня, Літва"
    town_upper: str = "ВІЛЬНЯ"
    country_upper: str = "ЛІТВА"
    day_month: str = "18.9"
    year: str = "2012"
    text_excerpt: str = "З днём нараджэння!"
    is_cut: bool = False
    card_class: str = "c2"
    stock: str = "k3"
    ratio_class: str = "r151"
    colour: str = "#7a8b5c"
    turn: str = "b"
    image_url: str | None = "/media/a-thumb.webp"
    image_width: int = 480
    image_height: int = 320
    image_alt: str = "Фота: Ганна"
    image_srcset: str = ""
    image_sizes: str = ""
    picture_count: int = 1
    description: str = ""
    description_language: str = ""


PHOTO = View()
CARD = replace(PHOTO, kind="text", image_url=None)


def test_a_photo_says_its_size_before_it_arrives_and_waits_unless_it_is_near():
    late, soon = (tree(part("wall", "tile", PHOTO, eager)).find(".//img") for eager in (False, True))
    assert late is not None
    assert soon is not None
    assert (late.get("width"), late.get("height"), late.get("loading")) == ("480", "320", "lazy")
    assert soon.get("loading") is None


def test_a_card_speaks_its_writers_language_and_read_on_the_pages():
    html = tree(part("wall", "tile", replace(CARD, is_cut=True)))
    quote = html.find(".//blockquote")
    assert quote is not None
    assert quote.get("lang") == "be"
    assert "".join(quote.itertext()) == CARD.text_excerpt
    assert "Read on" in "".join(html.itertext())


def test_an_unknown_language_is_said_to_be_unknown():
    quote = tree(part("wall", "tile", replace(CARD, language=None))).find(".//blockquote")
    assert quote is not None
    assert quote.get("lang") == ""


@pytest.mark.parametrize(("language", "said"), [("be", "be"), (None, "")])
def test_words_that_came_with_a_photo_are_heard_and_not_seen(language, said):
    spans = tree(part("wall", "tile", replace(PHOTO, language=language))).iter("span")
    (heard,) = (span for span in spans if span.text == PHOTO.text_excerpt)
    assert heard.get("class") == "vh"
    assert heard.get("lang") == said


@pytest.mark.parametrize("said", ["be", ""])
def test_what_can_be_seen_in_a_photo_is_heard_behind_it_in_its_own_language(said):
    html = part("wall", "tile", replace(PHOTO, description="Жанчына з плакатам", description_language=said))
    (heard_apart,) = (span for span in tree(html).iter("span") if span.text == "Жанчына з плакатам")
    assert (heard_apart.get("class"), heard_apart.get("lang")) == ("vh", said)
    assert "Фота: Ганна. Жанчына з плакатам. З днём нараджэння!" in heard(html)


def test_several_pictures_are_counted():
    assert "42 pictures" in part("wall", "tile", replace(PHOTO, picture_count=42))
    assert "picture" not in part("wall", "tile", PHOTO)


def heard(html: str) -> str:
    """All words of a part in one line, as the link around them is named by them; a picture by its description."""
    parts = tree(html)
    for picture in parts.iter("img"):
        picture.text = picture.get("alt")
    return " ".join("".join(parts.itertext()).split())


def test_what_is_seen_apart_on_a_tile_is_heard_apart():
    several = replace(PHOTO, picture_count=2, image_alt="Photo from Hanna, Vilnius", text_excerpt="Welcome")
    assert "Photo from Hanna, Vilnius, 2 pictures. Welcome" in heard(part("wall", "tile", several))
    one = replace(several, picture_count=1)
    assert "Photo from Hanna, Vilnius. Welcome" in heard(part("wall", "tile", one))
    assert "Older greetings, 7 more" in heard(part("wall", "older_tile", "#wall", 7))
    assert "The whole wall, 7 more" in heard(part("wall", "whole_tile", "#wall", 7))


def test_a_long_card_has_an_airmail_edge_instead_of_a_postmark():
    assert "pm turn-b" in part("wall", "tile", CARD)
    assert "<svg" not in part("wall", "tile", replace(CARD, card_class="c4"))


def test_without_a_name_the_tile_says_so():
    assert "No name" in part("wall", "tile", replace(PHOTO, name="", place=""))


@pytest.mark.parametrize("view", [PHOTO, CARD])
def test_what_people_wrote_stays_text(view):
    hostile = replace(
        view,
        name=MARKUP,
        place=MARKUP,
        town_upper=MARKUP,
        country_upper=MARKUP,
        text_excerpt=MARKUP,
        image_alt=MARKUP,
        description=MARKUP,
    )
    html = part("wall", "tile", hostile)
    assert "<b onclick" not in html
    assert not [element for element in tree(html).iter() if element.get("onclick")]


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_postmark_takes_any_town_and_cuts_what_would_be_too_small_to_read(town, country):
    html = part("post", "postmark", town, country, "18.9", "2012", "a")
    sizes = [float(size) for size in re.findall(r'<text font-size="([\d.]+)"', html)]
    assert all(6 <= size <= 13 for size in sizes)
    assert len(sizes) == bool(town.strip()) + bool(country.strip())


@pytest.mark.parametrize("figure", [0, 7, 50, 128, 2012])
def test_a_stamp_tells_its_number_to_those_who_cannot_see_it(figure):
    html = part("post", "stamp", "days", figure, "left", label=f"{figure} days left")
    assert f'role="img" aria-label="{figure} days left"' in html
    assert 'aria-hidden="true"' in part("post", "stamp", "days", figure, "left")


def test_a_stamp_that_tells_its_number_says_nothing_twice():
    stamp = tree(part("post", "stamp", "days", 7, "left", label="7 days left"))
    (drawing,) = (one for one in stamp.iter() if one.get("role") == "img")
    said = [one for one in drawing if one.get("aria-hidden") != "true" and "".join(one.itertext()).strip()]
    assert not said


class Sample(Form):
    token = HiddenField(default="signed")
    text = TextAreaField("Your words")
    name = StringField("Name to show")
    password = PasswordField("Password")
    country = SelectField(
        "Country", choices=[SelectChoice("", "Not given"), SelectChoice("BY", "Belarus", optgroup="Often")]
    )
    uses = SelectMultipleField(
        "What may we do with it?",
        choices=[SelectChoice("gallery", "Show it"), SelectChoice("post", "Post it")],
    )
    agreed = BooleanField("Everyone agreed")


def sample(**values: Any) -> Sample:
    form = Sample(data=values)
    form.uses.data = values.get("uses", [])
    return form


CONTROLS = [
    ("text_control", "name"),
    ("textarea", "text"),
    ("select", "country"),
    ("ticks", "uses"),
    ("tick", "agreed"),
]


@pytest.mark.parametrize(("macro", "field"), CONTROLS)
def test_what_is_missing_is_said_at_the_field_and_tied_to_it(macro, field):
    form = sample()
    form[field].errors = ["Please say more."]
    root = tree(part("form", macro, form[field], hint="A hint."))
    ids = {element.get("id") for element in root.iter()}
    described = [element.get("aria-describedby", "") for element in root.iter()]
    assert any(f"{field}-error" in words for words in described)
    assert all(word in ids for words in described for word in words.split())
    assert "Please say more." in "".join(root.itertext())


@pytest.mark.parametrize(("macro", "field"), CONTROLS)
def test_a_field_that_is_fine_claims_no_error(macro, field):
    html = part("form", macro, sample()[field])
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html


def test_what_was_typed_and_ticked_comes_back_exactly():
    form = sample(text="\n  two\nlines <i>", name=MARKUP, country="BY", uses=["post"], agreed=True)
    area = tree(part("form", "textarea", form.text)).find(".//textarea")
    box = tree(part("form", "text_control", form.name)).find(".//input")
    assert area is not None
    assert box is not None
    assert area.text == "\n  two\nlines <i>"
    assert box.get("value") == MARKUP
    assert 'value="BY" selected' in part("form", "select", form.country)
    ticked = {
        box.get("value"): box.get("checked") is not None
        for box in tree(part("form", "ticks", form.uses)).iter("input")
    }
    assert ticked == {"gallery": False, "post": True}
    assert " checked" in part("form", "tick", form.agreed)


@pytest.mark.parametrize(
    ("words", "rows"),
    [("", "5"), ("З днём нараджэння! " * 20, "10"), ("\n" * 8, "9"), ("Дарагі Алесь! " * 200, "24")],
)
def test_a_text_is_seen_whole_where_a_browser_makes_no_room_by_itself(words: str, rows: str):
    area = tree(part("form", "textarea", sample(text=words).text)).find(".//textarea")
    assert area is not None
    assert area.get("rows") == rows


def test_suggested_is_a_mark_and_never_a_tick():
    html = part("form", "ticks", sample().uses, suggested=["gallery"])
    assert html.count("suggested") == 1
    assert ", suggested" in heard(html)


def test_what_a_tick_says_is_heard_apart_from_what_is_said_of_it():
    html = part("form", "ticks", sample().uses, hints={"gallery": "Anyone can see it."})
    assert "Show it. Anyone can see it." in heard(html)
    assert "checked" not in html


def test_a_password_is_never_sent_back():
    assert "secret" not in part("form", "text_control", sample(password="secret").password, type="password")


def test_the_summary_leads_to_each_field_and_takes_the_focus():
    form = sample()
    form.text.errors = ["Please write something."]
    form.uses.errors = ["Choose one."]
    summary = part("form", "form_error_summary", form)
    assert re.findall(r'href="#(\w+)">([^<]+)', summary) == [
        ("text", "Please write something."),
        ("uses", "Choose one."),
    ]
    assert 'role="alert"' in summary
    assert "autofocus" in summary
    assert part("form", "form_error_summary", sample()) == ""


def test_hidden_fields_come_back_unchanged_and_alone():
    fields = list(tree(part("form", "hidden_fields", sample())).iter("input"))
    assert [(field.get("name"), field.get("value")) for field in fields] == [("token", "signed")]


def test_every_icon_a_template_asks_for_is_drawn():
    drawn = set(ENV.get_template("macros/icons.html").module.shapes)  # type: ignore[attr-defined]
    asked = {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\bicon\(\s*["']([\w-]+)["']""", template.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= drawn


@pytest.mark.parametrize("name", sorted(ENV.get_template("macros/icons.html").module.shapes))  # type: ignore[attr-defined]
def test_an_icon_is_sound_and_silent(name):
    svg = ET.fromstring(part("icons", "icon", name))
    assert svg.get("aria-hidden") == "true"
    assert len(svg) > 0


@pytest.mark.parametrize(
    "template", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
)
def test_no_template_has_inline_style_or_script(template):
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    assert not re.search(
        r"""\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:|data:image""",
        text,
        re.IGNORECASE,
    )
