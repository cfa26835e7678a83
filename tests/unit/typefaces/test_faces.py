import pytest

from greetings.typefaces import FontMissing, LettersMissing, faces, find_missing_letters, font_paths


def test_posters_get_whole_fonts_that_draw_belarusian():
    paths = font_paths()
    assert len(paths) == len(set(paths)) == 6
    assert all(find_missing_letters(path) == "" for path in paths)


def test_a_letter_that_is_missing_is_named():
    assert find_missing_letters(font_paths()[0], "aЎ雪🎂") == "雪🎂"


def test_a_font_without_our_letters_is_refused(monkeypatch):
    monkeypatch.setattr(faces, "find_missing_letters", lambda _path: "ў")
    with pytest.raises(LettersMissing, match="lacks ў"):
        font_paths()


@pytest.mark.parametrize("package", ["font-source-serif-pro", "no-such-package-of-fonts"])
def test_a_file_or_package_that_is_not_there_is_a_clear_error(package):
    with pytest.raises(FontMissing):
        faces.get_font_path(faces.Face("serif", 400, package, "NoSuchFace"), "otf")
