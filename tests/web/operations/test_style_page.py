"""The living style page: nothing that pages are made of is missing from it, in no language, and it is the team's own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from greetings.accounts.rules import Role
from greetings.operations.style_samples import TOKENS
from greetings.settings import CHECKOUT
from tests.web.moderation.conftest import Desk

TEMPLATES = Path(CHECKOUT) / "templates"
STYLES = Path(CHECKOUT) / "greetings" / "static" / "css"
MACRO = re.compile(r"macro (\w+)\(")
# nothing to see: hidden fields; the same list from a whole form; what the layout brings
UNSEEN = {"hidden_fields", "form_error_summary", "arcs"}


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize("look", ["", "?look=light", "?look=dark"])
def test_it_is_a_sound_page_in_each_language_and_look(
    seat: Callable[..., Desk], language: str, look: str
) -> None:
    answer = seat("Maryna", Role.ORGANISER, language).get(f"/desk/style{look}")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count('class="part"') == 10


def test_moderators_are_not_bothered_with_it(volha: Desk) -> None:
    assert volha.get("/desk/style").status_code == 403


def test_every_macro_of_the_house_is_shown_by_itself_or_by_another() -> None:
    macros = {path.name: path.read_text(encoding="utf-8") for path in (TEMPLATES / "macros").glob("*.html")}
    every = "\n".join(macros.values())
    page = (TEMPLATES / "operations" / "style.html").read_text(encoding="utf-8")
    names = {name for text in macros.values() for name in MACRO.findall(text)}
    assert len(names) > 40
    is_part = {name for name in names if len(re.findall(rf"\b{name}\(", every)) > 1}
    missing = {name for name in names - is_part - UNSEEN if not re.search(rf"\b{name}\(", page)}
    assert not missing, f"show {missing} on templates/operations/style.html"


def test_every_colour_of_the_house_has_its_swatch() -> None:
    colours = set(
        re.findall(r"--([\w-]+): #[0-9a-f]{6}", (STYLES / "tokens.css").read_text(encoding="utf-8"))
    )
    assert colours == set(TOKENS)
    swatches = (STYLES / "style.css").read_text(encoding="utf-8")
    assert all(f".sw-{name} {{ background: var(--{name}); }}" in swatches for name in TOKENS)
