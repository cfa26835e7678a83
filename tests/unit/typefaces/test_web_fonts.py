import re
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import greetings
from greetings.typefaces import __main__ as command
from greetings.typefaces import build_web_fonts, web_font_names, web_fonts

STATIC = Path(greetings.__file__).parent / "static"
SERVED, STYLE_SHEET = STATIC / "fonts", STATIC / "css" / "tokens.css"
LARGEST_FILE_BYTES = 24_500


@pytest.fixture(scope="module")
def folder():
    """The fonts that pages load: make has cut them, and this finds them done."""
    build_web_fonts(SERVED)
    return SERVED


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_style_stands_in_the_folder_once_an_alphabet(folder):
    assert sorted(path.name for path in folder.glob("*.woff2")) == sorted(web_font_names())
    assert "greetings-serif-400-mixed.woff2" in web_font_names()
    assert len(web_font_names()) == 8
    assert not list(folder.glob("*.partial"))


@pytest.mark.parametrize("name", web_font_names())
def test_a_font_that_is_changed_does_not_carry_the_reserved_name(folder, name):
    font = TTFont(folder / name)
    named = {record.nameID: str(record) for record in font["name"].names}
    for name_id in (1, 2, 3, 4, 6):
        assert "source" not in named[name_id].lower()
    assert named[4].startswith(("Greetings Serif", "Greetings Sans"))
    assert "Open Font License" in named[13]
    assert "Adobe" in named[0]


@pytest.mark.parametrize("role", ["serif", "sans"])
def test_the_licence_lies_beside_the_fonts(folder, role):
    licence = (folder / f"greetings-{role}-licence.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name 'Source'" in licence


@pytest.mark.parametrize("name", [name for name in web_font_names() if "mixed" in name])
def test_belarusian_letters_are_in_the_files_that_texts_are_set_from(folder, name):
    drawn = TTFont(folder / name).getBestCmap() or {}
    assert not [letter for letter in "ЎўІіЁёҐґ" if ord(letter) not in drawn]


@pytest.mark.parametrize("name", [name for name in web_font_names() if "mixed" in name])
def test_spaces_quotation_marks_and_figures_are_in_the_files_that_texts_are_set_from(folder, name):
    """So that a text comes all at once, in whichever language it is written."""
    drawn = TTFont(folder / name).getBestCmap() or {}
    assert not [letter for letter in " .,:;!?()«»„“”‘’ʼ№–—…0123456789\u00a0" if ord(letter) not in drawn]


@pytest.mark.parametrize("name", web_font_names())
def test_no_mark_takes_the_width_of_another_it_is_drawn_from(folder, name):
    """“«” is drawn from two “‹”: as wide as one of them it would lie in the letter after it."""
    font = TTFont(folder / name)
    borrowed = [
        (glyph, part.glyphName)
        for glyph in font.getGlyphOrder()
        if font["glyf"][glyph].isComposite()
        for part in font["glyf"][glyph].components
        if part.flags & 0x0200 and font["hmtx"][part.glyphName][0] != font["hmtx"][glyph][0]
    ]
    assert not borrowed


@pytest.mark.parametrize("name", web_font_names())
def test_a_file_is_small_enough_for_a_slow_connection(folder, name):
    assert (folder / name).stat().st_size < LARGEST_FILE_BYTES


@pytest.mark.parametrize("name", web_font_names())
def test_both_alphabets_of_a_style_share_one_line_height(folder, name):
    font, other = (
        TTFont(folder / name),
        TTFont(folder / name.replace("accents", "mixed")),
    )
    assert (font["hhea"].ascent, font["hhea"].descent) == (other["hhea"].ascent, other["hhea"].descent)


def test_what_the_command_cuts_is_what_pages_load(folder, tmp_path, capsys):
    """Cut twice, the bytes are the same; where they aren't, the recipe has changed and not its number."""
    assert command.main([]) == 2
    assert "usage" in capsys.readouterr().err
    assert command.main([str(tmp_path / "fonts")]) == 0
    assert contents(tmp_path / "fonts") == contents(folder)


def test_a_second_build_touches_nothing(folder, monkeypatch):
    def never(*arguments):
        raise AssertionError("cut again")

    monkeypatch.setattr(web_fonts, "_write_cut", never)
    build_web_fonts(folder)


@pytest.mark.parametrize("lost", [*web_font_names(), "greetings-serif-licence.txt"])
def test_a_file_that_was_lost_is_made_again(folder, tmp_path, monkeypatch, lost):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / lost).unlink()

    def cut(face, alphabet, target):  # as the one above has shown, these are the bytes
        target.write_bytes((folder / target.name).read_bytes())

    monkeypatch.setattr(web_fonts, "_write_cut", cut)
    build_web_fonts(tmp_path)
    assert contents(tmp_path) == contents(folder)


def test_what_an_earlier_recipe_cut_goes(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(web_fonts, "_write_cut", lambda _face, _alphabet, target: target.touch())
    (tmp_path / "greetings-serif-400-runes.woff2").touch()
    build_web_fonts(tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.woff2")) == sorted(web_font_names())


def test_a_build_by_another_recipe_is_made_again(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(web_fonts, "RECIPE", 0)
    before = web_fonts._stamp()
    monkeypatch.undo()
    assert before != web_fonts._stamp()


@pytest.mark.parametrize("alphabet", web_fonts.ALPHABETS)
def test_a_file_holds_nothing_that_browsers_do_not_look_for_in_it(alphabet):
    asked = {point for first, last in alphabet.asked_for for point in range(first, last + 1)}
    assert set(alphabet.code_points()) <= asked


def test_the_style_sheet_asks_for_the_files_and_ranges_that_are_cut():
    every_rule = re.findall(r"@font-face \{(.*?)\}", STYLE_SHEET.read_text(encoding="utf-8"))
    rules = [rule for rule in every_rule if "src: local(" not in rule]  # those stand in with the device's own
    asked: dict[str, str] = {}
    for rule in rules:
        (name,) = re.findall(r"fonts/([\w.-]+)", rule)
        (asked[name],) = re.findall(r"unicode-range: ([^;]+);", rule)
    assert sorted(asked) == sorted(web_font_names())
    for alphabet in web_fonts.ALPHABETS:
        written = ", ".join(
            f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in alphabet.asked_for
        )
        assert {asked[name] for name in asked if alphabet.name in name} == {written}


ALPHABETS = {
    "be": "абвгґдеёжзійклмнопрстуўфхцчшыьэюяʼ’",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяʼ’",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}


@pytest.mark.parametrize("face", ["serif-400", "serif-600", "sans-400", "sans-600"])
@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_of_three_languages_is_in_the_files_that_pages_load(folder, face, language):
    letters = ALPHABETS[language] + ALPHABETS[language].upper()
    drawn = TTFont(folder / f"greetings-{face}-mixed.woff2").getBestCmap() or {}
    assert not [letter for letter in letters if ord(letter) not in drawn]


@pytest.mark.parametrize("face", ["serif-400", "serif-600", "sans-400", "sans-600"])
def test_names_of_europe_are_in_the_two_files_together(folder, face):
    drawn = set[int]()
    for alphabet in ("accents", "mixed"):
        drawn |= set(TTFont(folder / f"greetings-{face}-{alphabet}.woff2").getBestCmap() or {})
    assert not [letter for letter in "ŁódźMüllerÅngströmĀbeleȘtefanÇağĦŻ€¿¡£" if ord(letter) not in drawn]
