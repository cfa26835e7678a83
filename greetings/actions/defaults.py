"""The actions that come with the program, read from the data files beside this module."""

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from greetings.actions.rules import TEXT_NAMES, ActionState, missing_texts
from greetings.languages import LANGUAGES


class DefaultActionBroken(Exception):
    """A data file that ships with the program lacks something; `problems` says what, by name."""


@dataclass(frozen=True, slots=True)
class DefaultAction:
    """What a data file says: the facts of an action and its texts, by language."""

    slug: str
    state: ActionState
    is_public: bool
    born_on: date
    jubilee_age: int
    texts: dict[str, dict[str, str]]


def default_actions() -> list[DefaultAction]:
    """Every action that ships with the program, in the order of their file names."""
    folder = files("greetings.actions") / "data"
    sources = sorted(path.name for path in folder.iterdir() if path.name.endswith(".toml"))
    return [parse((folder / name).read_text(encoding="utf-8")) for name in sources]


def parse(source: str) -> DefaultAction:
    """Read one data file, strictly: what is missing or not known raises `DefaultActionBroken`."""
    facts = tomllib.loads(source)
    texts = {language: _texts(language, facts.pop(language, {})) for language in LANGUAGES}
    try:
        return DefaultAction(**{**facts, "state": ActionState(facts["state"])}, texts=texts)
    except (TypeError, KeyError) as error:
        raise DefaultActionBroken(str(error)) from error


def _texts(language: str, words: dict[str, str]) -> dict[str, str]:
    problems = [*missing_texts(words), *sorted(words.keys() - set(TEXT_NAMES))]
    if problems:
        raise DefaultActionBroken(f"{language}: {', '.join(problems)}")
    return {name: words.get(name, "").strip() for name in TEXT_NAMES}
