"""The list of countries."""

import re

import pytest

from greetings.submissions.countries import NEAR, country_name, country_names, is_country


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_every_country_has_a_name_in_every_language(language):
    names = country_names(language)
    assert names.keys() == country_names("en").keys()
    assert 245 <= len(names) <= 252
    assert all(names.values())
    assert names.keys() >= set(NEAR)


def test_belarusian_names_stand_in_the_order_of_the_belarusian_alphabet():
    names = list(country_names("be").values())
    firsts = list(dict.fromkeys(name[0] for name in names))
    assert firsts == [letter for letter in "АБВГҐДЕЁЖЗІЙКЛМНОПРСТУЎФХЦЧШЫЬЭЮЯ" if letter in firsts]
    assert names.index("Ірландыя") < names.index("Ямайка")


def test_an_apostrophe_moves_no_country_to_the_front():
    names = list(country_names("be").values())
    assert names.index("Ватыкан") < names.index("В’етнам")
    assert names.index("Марока") < names.index("М’янма (Бірма)")


def test_accents_do_not_send_a_country_to_the_end():
    names = list(country_names("en").values())
    assert names.index("Åland Islands") < names.index("Bahamas")
    assert names.index("Zimbabwe") == len(names) - 1


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_names_are_written_out_as_they_are_read_aloud(language):
    for name in country_names(language).values():
        assert name[0].isupper(), name
        assert "о-в" not in name, name
    assert country_name("CK", "ru") == "Острова Кука"
    assert country_name("BV", "ru") == "Остров Буве"


@pytest.mark.parametrize("code", ["", "XX", "ZZ", "EU", "UN", "by", "BLR", "1", "001", "B Y"])
def test_what_is_no_country_is_none(code):
    assert not is_country(code)


@pytest.mark.parametrize("code", ["BY", "LT", "GB", "US", "TW", "PS", "CI"])
def test_a_country_is_one(code):
    assert is_country(code)


@pytest.mark.parametrize("code", ["AE", "US"])
def test_a_russian_name_has_its_dots_in_the_list_and_alone(code):
    name = country_name(code, "ru")
    assert "ё" in name
    assert country_names("ru")[code] == name


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_no_name_has_a_hyphen_for_a_dash(language):
    assert not [name for name in country_names(language).values() if " - " in name]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_name_is_what_people_call_the_place_and_not_an_entry_in_a_ledger(language):
    assert not [name for name in country_names(language).values() if re.search(r"&|SAR|САР|КНДР", name)]


def test_what_is_no_country_has_no_name():
    assert country_name("", "en") == country_name("XX", "en") == ""
