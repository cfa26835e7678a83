"""Everything a person reads is there in three languages (promise: three languages always)."""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from greetings.settings import CHECKOUT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "lazy_ngettext": (1, 2),
}
METHODS = [("greetings/**.py", "python"), ("templates/**.html", "jinja2")]
TEMPLATES = {"silent": "false", "extensions": "greetings.web.kept.KeptPieces"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
PLURAL_FORMS = {"be": 3, "ru": 3}
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
# names and words that stay as they are in every language
UNTRANSLATED = re.compile(
    r"SVG|GIF|TIFF|RAW|"
    r"Europe/Minsk|ales-2027|PDF|PNG|JPEG|HEIC|WebP|AVIF|A4|A3|TOTP|CSV|GPS|EXIF|QR|Greetings|Ales|Enter|Space|Esc|Shift|Python|example|"
    r"https?\S+|\w+@\S+|%\(\w+\)[sd]|&\w+;|<[^>]+>|Eng|kB|MB|JavaScript|Tor|FIDH|SHA|Backspace|Delete|Ctrl|Tab|audit-head|ZIP|JSON|Authenticator|Aegis|FreeOTP|Apple|Google"
)


@cache
def messages() -> set[str | tuple[str, ...]]:
    """Every message in code and templates; plurals as (one, many)."""
    found: set[str | tuple[str, ...]] = set()
    for top in ("greetings", "templates"):
        methods = [
            (pattern.removeprefix(f"{top}/"), method)
            for pattern, method in METHODS
            if pattern.startswith(top)
        ]
        for _name, _line, message, _comments, context in extract_from_dir(
            CHECKOUT / top, methods, keywords=KEYWORDS, options_map={"**.html": TEMPLATES}
        ):
            found.add((context or "", message) if isinstance(message, str) else (context or "", *message))
    return found


@cache
def catalogue(language: str) -> Catalog:
    path = Path(CHECKOUT, "greetings", "translations", language, "LC_MESSAGES", "messages.po")
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def translations(language: str, message) -> tuple[str, ...]:
    context, *forms = message
    entry = catalogue(language).get(forms[0], context or None)
    assert entry is not None, f"{language} lacks: {forms[0]!r}"
    assert not entry.fuzzy, f"{language} is unsure of: {forms[0]!r}"
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_every_sentence_is_translated_with_its_placeholders(language: str):
    problems = []
    for message in messages():
        context, *forms = message
        entry = catalogue(language).get(forms[0], context or None)
        if entry is None or entry.fuzzy:
            problems.append(f"missing or fuzzy: {forms[0]!r}")
            continue
        strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        wanted_forms = PLURAL_FORMS[language] if len(forms) > 1 else 1
        if len(strings) != wanted_forms or not all(strings):
            problems.append(f"not all forms: {forms[0]!r}")
            continue
        wanted = set(PLACEHOLDER.findall(forms[-1]))
        problems += [
            f"placeholders differ: {string!r}"
            for string in strings
            if set(PLACEHOLDER.findall(string)) - wanted
            or (len(forms) == 1 and set(PLACEHOLDER.findall(string)) != wanted)
        ]
    assert not problems, "\n".join(sorted(problems)[:40])


@pytest.mark.parametrize("language", ["be", "ru"])
def test_no_english_word_is_left_in_a_translation(language: str):
    left = []
    for message in messages():
        for string in translations(language, message):
            bare = UNTRANSLATED.sub("", string)
            if LATIN_WORD.search(bare):
                left.append(string)
    assert not left, "\n".join(left[:40])


@pytest.mark.parametrize(("language", "foreign"), [("be", "иИщЩъЪ"), ("ru", "іІўЎ")])
def test_letters_belong_to_the_language(language: str, foreign: str):
    wrong = [
        string
        for message in messages()
        for string in translations(language, message)
        if set(re.sub(r"<[^>]+>|“[^”]*”|Русский|Беларуская", "", string)) & set(foreign)
    ]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_quotes_and_apostrophes_are_typographic(language: str):
    found = []
    for message in messages():
        strings = message[1:] if language == "en" else translations(language, message)
        found += [string for string in strings if re.search(r"""["]|\w'\w""", re.sub(r"<[^>]+>", "", string))]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("language", ["be", "ru"])
def test_no_translation_stands_for_nothing(language: str):
    """A sentence nobody says any more is dropped from the catalogue."""
    said = {(message[0], message[1]) for message in messages()}
    unused = [
        entry.id
        for entry in catalogue(language)
        if entry.id
        and ((entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0]) not in said)
    ]
    assert not unused, unused[:20]
