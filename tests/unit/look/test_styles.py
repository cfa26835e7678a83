"""The sheets keep their own promises: readable colours, known tokens, no other host, a bounded weight."""

import re
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from greetings.typefaces.faces import WEB_FACES, get_font_path

CHECKOUT = Path(__file__).parents[3]
STATIC = CHECKOUT / "greetings" / "static"
TEMPLATES = CHECKOUT / "templates"
SHEETS = sorted((STATIC / "css").glob("*.css"))
MAX_PUBLIC_BYTES = 60_000
ENOUGH_FOR_TEXT = 4.5
ENOUGH_FOR_CONTROLS = 3.0
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def rules_of(sheet: Path) -> str:
    return COMMENT.sub("", sheet.read_text(encoding="utf-8"))


def themes() -> dict[str, dict[str, str]]:
    """The colours of light and of dark, as hex, dark completed by what it keeps from light."""
    light_text, dark_text = rules_of(STATIC / "css" / "tokens.css").split(
        "@media (prefers-color-scheme: dark)"
    )
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light_text))
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark_text))}


def test_a_look_that_was_chosen_has_the_same_colours():
    """What the strip on other sites and the page of the style use is copied from the tokens, and stays equal."""
    colour = re.compile(r"(--[\w-]+): ([^;]+);")
    light_text, dark_text = rules_of(STATIC / "css" / "tokens.css").split(
        "@media (prefers-color-scheme: dark)"
    )
    light, dark = (dict(colour.findall(text.split("@media")[0])) for text in (light_text, dark_text))
    both, light_look, dark_look = rules_of(STATIC / "css" / "looks.css").split("color-scheme:")
    assert dict(colour.findall(dark_look)) == dark
    assert dict(colour.findall(light_look)) == {name: light[name] for name in dark}
    assert dict(colour.findall(both)) == {"--airmail": light["--airmail"]}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TEXT_ON = [
    (
        "ink",
        [
            "paper",
            "sheet",
            "stock-1",
            "stock-2",
            "stock-3",
            "stock-4",
            "stock-5",
            "warn-wash",
            "bad-wash",
            "ok-wash",
        ],
    ),
    ("ink-soft", ["paper", "sheet", "stock-3"]),
    ("red-text", ["paper", "sheet", "stock-1", "stock-2", "stock-3", "stock-4", "stock-5"]),
    ("on-red", ["red", "red-deep", "red-card"]),
    ("ok", ["ok-wash", "paper", "sheet"]),
    ("warn", ["warn-wash"]),
    ("bad", ["bad-wash", "paper", "sheet"]),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_is_readable_where_it_stands(theme):
    colours = themes()[theme]
    faint = [
        (text, ground)
        for text, grounds in TEXT_ON
        for ground in grounds
        if contrast(colours[text], colours[ground]) < ENOUGH_FOR_TEXT
    ]
    assert not faint


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_border_of_a_control_can_be_seen(theme):
    colours = themes()[theme]
    for ground in ("paper", "sheet"):
        assert contrast(colours["edge"], colours[ground]) >= ENOUGH_FOR_CONTROLS, ground


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_wall_has_a_class_for_every_proportion_two_per_cent_apart():
    written = {
        name: float(ratio)
        for name, ratio in re.findall(r"\.(r\d+) \{ --r: ([\d.]+);", rules_of(STATIC / "css" / "wall.css"))
    }
    wanted = [0.45 * 1.02**step for step in range(95)]
    assert list(written) == [f"r{round(100 * ratio)}" for ratio in wanted]
    assert list(written.values()) == pytest.approx(wanted, abs=0.0006)


def test_every_name_used_is_a_token_or_set_beside_its_use():
    everything = "".join(map(rules_of, SHEETS))
    used = set(re.findall(r"var\(--([\w-]+)", everything))
    given = set(re.findall(r"--([\w-]+):", everything))
    assert used <= given
    assert given <= used


def test_nothing_static_asks_another_host():
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    namespace = "http://www.w3.org/2000/svg"
    talkers = [path.name for path in files if "//" in _without_comments(path).replace(namespace, "")]
    assert files
    assert not talkers


def _without_comments(path: Path) -> str:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    return re.sub(r"^\s*//.*$|(?<=[;{}),]) //.*$", "", text, flags=re.MULTILINE)


def extended_by(template: Path) -> list[Path]:
    """A template, and what it extends, up to the layout."""
    extended = re.search(r'{% extends "([^"]+)"', template.read_text(encoding="utf-8"))
    return [template, *(extended_by(TEMPLATES / extended[1]) if extended else [])]


def sheets_named_in(template: Path) -> set[str]:
    """The sheets that a layout gives to every page, or a page to itself; with those of what it extends."""
    text = "".join(one.read_text(encoding="utf-8") for one in extended_by(template))
    listed = re.search(r"for sheet in \((.*?)\)", text)
    names = re.findall(r"css/([\w-]+)\.css", text) + re.findall(r'"([\w-]+)"', listed[1] if listed else "")
    return {name for name in names if (STATIC / "css" / f"{name}.css").exists()}


def test_the_styles_of_every_public_page_stay_light():
    layout = TEMPLATES / "layout" / "base.html"
    assert {"tokens", "base", "form"} <= sheets_named_in(layout)
    public = [page for page in TEMPLATES.rglob("*.html") if layout in extended_by(page)]
    assert {"open.html", "announced.html", "send.html", "greeting.html"} <= {page.name for page in public}
    for page in public:
        weight = sum((STATIC / "css" / f"{name}.css").stat().st_size for name in sheets_named_in(page))
        assert weight < MAX_PUBLIC_BYTES, page.name


def test_the_form_brings_the_styles_of_what_takes_its_place():
    """Where scripts run the answer comes into the page of the form, whose head stays."""
    answers = ("receipt", "not_accepting")
    form, *later = (
        sheets_named_in(TEMPLATES / "submissions" / f"{name}.html") for name in ("send", *answers)
    )
    assert [answer - form for answer in later] == [set(), set()]


def test_every_face_is_a_file_of_the_house_and_comes_with_its_alphabet():
    every = re.findall(r"@font-face \{(.*?)\}", rules_of(STATIC / "css" / "tokens.css"))
    faces = [face for face in every if "local(" not in face]
    names = re.findall(
        r"url\(\.\./fonts/(greetings-(?:serif|sans)-(?:400|600)-(?:accents|mixed)\.woff2)\)",
        " ".join(faces),
    )
    assert len(set(names)) == len(faces) == 8
    assert all("unicode-range" in face and "swap" in face for face in faces)


def test_letters_that_stand_still_are_the_same_and_wait_for_the_next_page():
    """Those with accents are not asked for ahead, and would never be seen if they did not come late."""
    tokens, still = (rules_of(STATIC / "css" / f"{name}.css") for name in ("tokens", "still"))
    faces = [face for face in re.findall(r"@font-face \{.*?\}", tokens) if "local(" not in face]
    waiting = [face if "accents" in face else face.replace("swap", "optional") for face in faces]
    assert [face.replace('"Greetings ', '"Still ') for face in waiting] == re.findall(
        r"@font-face \{.*?\}", still
    )
    families = dict(re.findall(r'--(serif|sans): "Greetings (\w+", [^;]+);', tokens))
    assert families == dict(re.findall(r'--(serif|sans): "Still (\w+", [^;]+);', still))


def test_what_stands_in_for_a_face_is_of_the_device_and_as_high():
    """Otherwise the page jumps when the real one comes; how wide it is a browser measures. A line is as high
    as the face that has the space, so one that has only letters needs no heights.
    """
    every = re.findall(r"@font-face \{(.*?)\}", rules_of(STATIC / "css" / "tokens.css"))
    near = [face for face in every if "local(" in face]
    assert not [face for face in near if "url(" in face or "size-adjust:" not in face]
    whole = [face for face in near if "unicode-range" not in face]
    assert len({tuple(re.findall(r"font-(?:family|weight): ([^;]+)", face)) for face in whole}) == len(whole)
    for real in WEB_FACES:
        lines: Any = TTFont(get_font_path(real, "ttf"))["hhea"]
        faces = [face for face in whole if f'"{real.role.title()} ' in face]
        assert len(faces) >= 4
        for face in faces:
            percent = {name: float(value) for name, value in re.findall(r"([\w-]+): ([\d.]+)%", face)}
            adjusted = percent["size-adjust"] / 10
            assert percent["ascent-override"] * adjusted == pytest.approx(lines.ascent, rel=0.002)
            assert percent["descent-override"] * adjusted == pytest.approx(-lines.descent, rel=0.003)
            if "Near" in face:  # the others have no gap
                assert percent["line-gap-override"] == lines.lineGap
