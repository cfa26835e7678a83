"""Keeps every action's posters in the store, under names that say what they were made from.

The name of a stored file ends in a digest of its words, its design and the tools. So a file is either right
or not there: nothing has to be marked as stale, two processes that make the same poster write the same
bytes, and a poster that is missing is simply made.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict

import structlog
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.queries import list_actions
from greetings.db.session import after_commit
from greetings.errors import NotFound
from greetings.house import House
from greetings.posters.press import Press, open_press, press_digest
from greetings.posters.rules import ALL_FILES, PosterFile, Suffix
from greetings.posters.wording import words_of
from greetings.storage import StorageFull

FOLDER = "posters"
DIGEST_LENGTH = 16

log = structlog.get_logger(__name__)


def make_missing_posters(house: House, session: Session) -> int:
    """Make what is missing of every action's posters, and drop what was made from other words.

    Returns how many files were made: none from the second start on. A full disk is no reason not to start:
    what couldn't be kept is made when it is asked for.
    """
    return sum(_make_missing(house, action) for action in list_actions(session))


def keep_posters_true(house: House, session: Session, action: Action) -> None:
    """Drop the posters of former words once the change is safe; new ones are made when asked for."""
    keys = keys_of(house, action).values()
    slug = action.slug
    after_commit(session, lambda: _drop_others(house, slug, set(keys)))


def read_poster(house: House, action: Action, file: PosterFile) -> bytes:
    """The bytes of a poster, made now if they are not in the store. Raises PosterUnprintable."""
    key = keys_of(house, action)[file]
    try:
        return house.storage.read(key)
    except NotFound:
        with open_press() as press:
            made = _print(press, house, action, file)
        _keep(house, key, made)
        return made


def keys_of(house: House, action: Action) -> Mapping[PosterFile, str]:
    """Where each poster of an action lies, by what it is made from."""
    digests = {text.language: _digest(house, action, text.language) for text in action.texts}
    return {
        file: f"{FOLDER}/{action.slug}/{file.design}-{file.size}-{digests[file.language]}.{file.suffix}"
        for file in ALL_FILES
        if file.language in digests
    }


def poster_digest(house: House, action: Action, language: str) -> str:
    """What a poster is made from, in short: the same digest means the same bytes."""
    return _digest(house, action, language)


def _digest(house: House, action: Action, language: str) -> str:
    words = asdict(words_of(action, language, house.settings.url))
    made_from = json.dumps(words, sort_keys=True, ensure_ascii=True) + press_digest()
    return hashlib.sha256(made_from.encode()).hexdigest()[:DIGEST_LENGTH]


def _make_missing(house: House, action: Action) -> int:
    keys = keys_of(house, action)
    missing = {file: key for file, key in keys.items() if not house.storage.exists(key)}
    if missing:
        with open_press() as press:
            for file, key in missing.items():
                _keep(house, key, _print(press, house, action, file))
        _drop_others(house, action.slug, set(keys.values()))
    return len(missing)


def _print(press: Press, house: House, action: Action, file: PosterFile) -> bytes:
    words = words_of(action, file.language, house.settings.url)
    if file.suffix is Suffix.PDF:
        return press.print_pdf(file.design, words, file.size)
    return press.draw_preview(file.design, words)


def _keep(house: House, key: str, made: bytes) -> None:
    try:
        house.storage.put(key, made)
    except StorageFull:
        log.warning("no room for posters")


def _drop_others(house: House, slug: str, keys: Collection[str]) -> None:
    for found in list(house.storage.files(f"{FOLDER}/{slug}")):
        if found.key not in keys:
            house.storage.delete(found.key)
