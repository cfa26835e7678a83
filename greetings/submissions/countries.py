"""Countries as a list to choose from, named and sorted in the page's language."""

import unicodedata
from functools import lru_cache

from babel import Locale

# where most greetings of these actions come from: first in the list, so that few have to scroll
NEAR = ("BY", "LT", "PL", "UA", "DE", "LV", "EE", "GE", "CZ", "RU", "GB", "US")
# two letters in Unicode's data that aren't countries of ISO 3166
_NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
_LETTERS = 2
# Unicode writes two Congos with a hyphen between spaces and some Russian names without ё, and adds to others
# whose they are; our pages say what people call the place they live in
_OUR_NAMES = {
    "be": {
        "CG": "Конга (Бразавіль)",
        "HK": "Ганконг",
        "MO": "Макаа",
        "PS": "Палесцінскія тэрыторыі",
    },
    "en": {
        "CD": "Congo (Kinshasa)",
        "CG": "Congo (Brazzaville)",
        "HK": "Hong Kong",
        "MO": "Macao",
    },
    "ru": {
        "AE": "Объединённые Арабские Эмираты",
        "CD": "Конго (Киншаса)",
        "CG": "Конго (Браззавиль)",
        "HK": "Гонконг",
        "KP": "Северная Корея",
        "KR": "Южная Корея",
        "MO": "Макао",
        "SH": "Остров Святой Елены",
        "US": "Соединённые Штаты",
    },
}
_ALPHABETS = {
    "be": "абвгґдеёжзійклмнопрстуўфхцчшыьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}


@lru_cache
def country_names(language: str) -> dict[str, str]:
    """ISO 3166 alpha-2 codes with their names, in the order of the language's alphabet."""
    names = {
        code: name
        for code, name in _territories(language).items()
        if len(code) == _LETTERS and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return dict(sorted(names.items(), key=lambda item: place_in_alphabet(item[0], language)))


@lru_cache(maxsize=1024)
def country_name(code: str, language: str) -> str:
    """The name of a country in a language, or "" when the code is none."""
    return _territories(language).get(code, "") if code else ""


@lru_cache(maxsize=1024)
def place_in_alphabet(code: str, language: str) -> list[int]:
    """By what countries are sorted in the order of the language's alphabet."""
    return _place(country_name(code, language), language)


def is_country(untrusted_code: str) -> bool:
    """Whether a code is one of the list."""
    return untrusted_code in country_names("en")


@lru_cache
def _territories(language: str) -> dict[str, str]:
    unicodes = {code: _in_words(name) for code, name in Locale.parse(language).territories.items()}
    return unicodes | _OUR_NAMES.get(language, {})


def _in_words(name: str) -> str:
    """A name without signs and abbreviations, for whoever hears it: «о-ва Кука» is «Острова Кука»."""
    whole = name.replace(" & ", " and ").replace("о-ва", "острова").replace("о-в", "остров")
    return whole[0].upper() + whole[1:]


def _place(name: str, language: str) -> list[int]:
    """Where a name stands in its alphabet, as in a dictionary: accents don't matter where the alphabet
    doesn't know them, and an apostrophe never.
    """
    alphabet = _ALPHABETS.get(language, "")
    places = []
    for letter in name.casefold().replace("’", ""):
        if letter in alphabet:
            places.append(alphabet.index(letter))
            continue
        plain = unicodedata.normalize("NFD", letter)[0]
        places.append(ord(plain) - ord("я") if plain.isalpha() else -ord("я") - 1)
    return places
