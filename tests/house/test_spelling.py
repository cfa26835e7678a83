"""What rules alone can tell of spelling, in every sentence that the program brings along."""

import importlib.util
import re
import tomllib
from functools import cache

import pytest

from greetings.operations.demo import words
from greetings.settings import CHECKOUT
from tests.house.test_translations import messages, translations

FIRST_ACTION = CHECKOUT / "greetings/actions/data/ales.toml"
FIRST_REASONS = CHECKOUT / "greetings/db/migrations/versions/0003_reasons_for_rejecting.py"
TABLE_OF_WORDS = CHECKOUT / "docs/translating.md"
# what the table leaves out for one thing, and another thing is called by
OF_SOMETHING_ELSE = {
    "сообщение",
    "тэкст",
    "прынята",
    "принято",
    "пароль",
    "адклікаць",
    "выдаліць",
    "удалить",
}
NGINX = CHECKOUT / "deploy/nginx-site.conf"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
NOT_PROSE = re.compile(r"<[^>]+>|\w+@[\w.]+")  # tags, and an address of mail
VOWEL = "[аеёіоуыэюя]"
CAPITAL_YOU = re.compile(r"[\w,;»’] В(?:ы|ас|ам|амі|ами|аш\w*)\b")
BEHIND_A_PREPOSITION = re.compile(
    r"(?<!\w)(?:з|са|ад|да|для|у|ў|ва|па|пра|на|за|каля|без|пры|над|пад|с|со|от|до|в|во|по|о|об|к|из|при)\s«?%\((\w+)\)",
    re.IGNORECASE,
)
# of all that is put into a sentence, what has no case
UNDECLINED = {"num", "number", "count", "total", "of", "most", "least", "size", "email", "url"}

CARELESS = {
    "two spaces": r"[ \u00a0]{2}",
    "a hyphen for a dash": r"[ \u00a0]-[ \u00a0]",
    "a straight quote or apostrophe": r"[\"']",
    "three dots for an ellipsis": r"\.\.\.",
    "a space before a sign": r"[ \u00a0][,.;:!?…»”)]",
    "a space behind an opening sign": r"[«„(][ \u00a0]",
    "no space behind a sign": r"[^\W\d_][,;:!?][^\W\d_]|[^\W\d_]{2}\.[^\W\d_]",
}
CARELESS_IN_CYRILLIC = {
    "Latin and Cyrillic letters in one word": r"[a-z][а-яёіў]|[а-яёіў][a-z]",
    "an English dash": r" – ",
    "a dash without spaces": r"\S—|—\S",
    "English quotes": r"[“”](?![^«»]*»)|‘",
}
NOT_BELARUSIAN = {
    "ў behind no vowel": rf"(?<!{VOWEL})(?<!{VOWEL}[\s»“])(?<!{VOWEL}\s«)ў",
    "у behind a vowel": rf"(?<={VOWEL}\s)у|(?<={VOWEL})у(?![мс]\b)",
    "у before ў instead of ва": r"\b[уў] ў",
    "з before a cluster instead of са": r"\bз [сзшж][бвгджзклмнпрстфхцчшў]",
    "у or ў behind something that may end in a vowel or not": r"¤[\s»]+[уў]",
    "a soft р, ж, ч or ш": r"[ржчш][еёіюяь]",
    "a soft т or д": r"[тд]ь",
    "a form that dictionaries of the official spelling don't have": r"\b(?:спробаў|імёнаў|народзінаў|[вн]аш(?:ую|ае)|прастакутн)",
    "an imperative where somebody is told what they will do": (
        r"(?:што|калі|як|якую|якія|пакуль) вы (?:выберы|напішы|дашлі|адпраў|пакажы|скажы|забяры|пачні|сатры)це"
    ),
    "an apostrophe in a wrong place": r"(?<![бвгджзклмнпрстўфхцчш])’|’(?![еёіюя])",
}


@cache
def sentences(language: str) -> tuple[str, ...]:
    """Of pages and letters, of the first action with its posters, the first reasons for rejecting, what nginx says
    when it is alone, and the demo.
    """
    said = {
        form
        for message in messages()
        for form in (message[1:] if language == "en" else translations(language, message))
    }
    said.update(tomllib.loads(FIRST_ACTION.read_text())[language].values())
    said.update(sentence for reason in _first_reasons().values() for sentence in reason[language])
    for section in re.findall(rf'lang="{language}">(.*?)</section>', NGINX.read_text()):
        said.update(re.findall(r"[^<>]+(?=</)", section))
    said.update({"be": words.BELARUSIAN, "en": words.ENGLISH, "ru": words.RUSSIAN}[language])
    said.update(organisation[5] for organisation in words.ORGANISATIONS if organisation[4] == language)
    return tuple(sorted(PLACEHOLDER.sub("¤", NOT_PROSE.sub("", sentence)) for sentence in said))


def _first_reasons() -> dict[str, dict[str, tuple[str, ...]]]:
    spec = importlib.util.spec_from_file_location("first_reasons", FIRST_REASONS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FIRST


def faults(language: str, patterns: dict[str, str]) -> str:
    return "\n".join(
        f"{what}: {sentence}"
        for what, pattern in patterns.items()
        for sentence in sentences(language)
        if re.search(pattern, sentence, re.IGNORECASE)
    )


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_signs_and_spaces_stand_as_a_printer_sets_them(language: str):
    assert not faults(language, CARELESS)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_cyrillic_sentences_have_their_own_letters_dashes_and_quotes(language: str):
    assert not faults(language, CARELESS_IN_CYRILLIC)


def test_no_belarusian_word_breaks_a_rule_that_has_no_exception_here():
    assert not faults("be", NOT_BELARUSIAN)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_a_page_speaks_to_its_reader_in_lower_case(language: str):
    assert not [
        form for message in messages() for form in translations(language, message) if CAPITAL_YOU.search(form)
    ]


@pytest.mark.parametrize("language", ["be", "ru"])
def test_nothing_that_would_have_to_be_declined_stands_behind_a_preposition(language: str):
    assert not [
        form
        for message in messages()
        for form in translations(language, message)
        if set(BEHIND_A_PREPOSITION.findall(form)) - UNDECLINED
    ]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_every_quote_is_closed(language: str):
    assert not [
        sentence
        for sentence in sentences(language)
        for opening, closing in ("«»", "()", "“”" if language == "en" else "„“")
        if sentence.count(opening) != sentence.count(closing)
    ]


@pytest.mark.parametrize("language", ["be", "ru"])
def test_a_translation_ends_as_its_sentence_does(language: str):
    assert not [
        (message[-1], form)
        for message in messages()
        for form in translations(language, message)
        if end_of(message[-1]) != end_of(form)
    ]


def end_of(sentence: str) -> str:
    """The sign at its end, whether before or behind a closing quote; "" for a label."""
    last = sentence.rstrip("”»)\n")[-1:]
    return last if last in ".!?:…" else ""


def words_left_out() -> list[str]:
    """The last column of the table in the docs."""
    rows = (
        line.strip("|").split("|") for line in TABLE_OF_WORDS.read_text().splitlines() if line[:2] == "| "
    )
    left_out = [word.strip() for row in rows if len(row) == 4 for word in row[3].split(",")]
    return [word for word in left_out if word not in {"", "not", *OF_SOMETHING_ELSE}]


@pytest.mark.parametrize("word", words_left_out())
def test_one_thing_has_one_name(word: str):
    stem = re.sub(f"(?:{VOWEL}|ь|и)$", "", word)
    in_any_form = re.compile(rf"(?<!\w){stem}\w{{0,3}}(?!\w)", re.IGNORECASE)
    assert not [
        sentence
        for language in ("be", "ru")
        for sentence in sentences(language)
        if in_any_form.search(sentence)
    ]
