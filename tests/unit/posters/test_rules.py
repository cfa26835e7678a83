import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.languages import LANGUAGES
from greetings.posters.rules import (
    ALL_FILES,
    Design,
    PaperSize,
    PosterFile,
    Suffix,
    find_poster_file,
    poster_file_name,
)

files = st.builds(
    PosterFile,
    st.sampled_from(Design),
    st.sampled_from(LANGUAGES),
    st.sampled_from(PaperSize),
    st.sampled_from(Suffix),
)


def name_of(file: PosterFile) -> str:
    return poster_file_name(file.design, file.language, file.size, file.suffix)


def test_a_name_says_design_language_size_and_kind():
    assert poster_file_name(Design.RIBBON, "be", PaperSize.A4, Suffix.PDF) == "ribbon-be-a4.pdf"


def test_every_poster_has_a_name_of_its_own():
    names = [name_of(file) for file in ALL_FILES]
    assert len(names) == len(set(names)) == len(Design) * len(LANGUAGES) * len(PaperSize) * len(Suffix)


@given(files)
def test_a_name_leads_back_to_its_file(file):
    assert find_poster_file(name_of(file)) == file


@given(st.text(max_size=30))
def test_whatever_is_found_is_written_exactly_so(untrusted_name):
    file = find_poster_file(untrusted_name)
    assert file is None or name_of(file) == untrusted_name


@given(files, st.integers(0, 16), st.characters())
def test_one_letter_more_is_another_name(file, place, letter):
    name = name_of(file)
    assert find_poster_file(name[:place] + letter + name[place:]) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ribbon-be-a4.PDF",
        "ribbon-be-a4.pdf\n",
        "../ribbon-be-a4.pdf",
        "ribbon-de-a4.pdf",
        "ribbon-be-a5.pdf",
        "parts-be-a4.pdf",
        "ribbon-be-a4.typ",
        "ribbon-be-a٤.pdf",
    ],
)
def test_a_name_that_is_nearly_right_is_none(name):
    assert find_poster_file(name) is None
