"""Keeps every action's posters in the store, under names that say what they were made from.

The name of a stored file ends in a digest of its words, the designs and the tools. So a file is either right
or not there: nothing has to be marked as stale, two processes that make the same poster write the same
bytes, and a poster that is missing is simply made.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.queries import list_actions
from greetings.actions.service import AnyAction
from greetings.db.session import after_commit
from greetings.errors import NotFound
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.posters.press import draw_preview, press_digest, print_pdf
from greetings.posters.rules import ALL_FILES, Design, PosterFile, PosterWords, Suffix, poster_file_name
from greetings.posters.wording import words_of
from greetings.storage import Storage, StorageFull
from greetings.typesetting import Unprintable

FOLDER = "posters"
DIGEST_LENGTH = 16
Pictures = dict[tuple[Design, PosterWords], bytes]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """One poster file that an action wants: its words, and the key it belongs under."""

    file: PosterFile
    words: PosterWords
    digest: str
    key: str


def make_missing_posters(house: House, session: Session) -> int:
    """Make what is missing of every action's posters and drop what was made from other words.

    Returns how many files were made: none from the second start on. Neither a full disk nor words that
    can't be set keep the program from starting: such a file is tried again when somebody asks for it.
    """
    return sum(
        _fulfil(house.storage, action.slug, list_orders(house, action)) for action in list_actions(session)
    )


def keep_posters_true(house: House, session: Session, action: Action) -> None:
    """Once the change of an action is safe, replace the posters whose words it changed; other ones stay.

    An action without any posters yet, such as one just added, gets them when they are asked for.
    """
    slug, orders = action.slug, list_orders(house, action)

    def replace() -> None:
        if _held(house.storage, slug) - {order.key for order in orders}:
            _fulfil(house.storage, slug, orders)

    after_commit(session, replace)


def list_orders(house: House, action: AnyAction) -> list[Order]:
    """Every file that the posters of an action consist of."""
    words = {language: words_of(action, language, house.settings.url) for language in LANGUAGES}
    digests = {language: _digest(words[language]) for language in LANGUAGES}
    return [
        Order(
            file,
            words[file.language],
            digests[file.language],
            _key(action.slug, file, digests[file.language]),
        )
        for file in ALL_FILES
    ]


def get_order(house: House, action: AnyAction, file: PosterFile) -> Order:
    """The order of one file; every file there is has one."""
    words = words_of(action, file.language, house.settings.url)
    digest = _digest(words)
    return Order(file, words, digest, _key(action.slug, file, digest))


def read_poster(house: House, order: Order) -> bytes:
    """The bytes of a poster, made now where the store hasn't got it.

    Raises Unprintable for words that can't be set.
    """
    try:
        return house.storage.read(order.key)
    except NotFound:
        made = _make(order, {})
    try:
        house.storage.put(order.key, made)
    except StorageFull:
        log.warning("poster not kept", poster=order.key, reason="the disk is full")
    else:
        house.database.note_public_change()  # pages tell its weight
    return made


def sizes_bytes(house: House, action: AnyAction) -> Mapping[PosterFile, int]:
    """How large each poster file is that is in the store."""
    orders = {order.key: order.file for order in list_orders(house, action)}
    return {
        orders[found.key]: found.size_bytes
        for found in house.storage.files(_folder(action.slug))
        if found.key in orders
    }


def _held(storage: Storage, slug: str) -> set[str]:
    return {found.key for found in storage.files(_folder(slug))}


def _fulfil(storage: Storage, slug: str, orders: list[Order]) -> int:
    held = _held(storage, slug)
    missing = [order for order in orders if order.key not in held]
    made = _make_and_keep(storage, missing) if missing else 0
    for key in held - {order.key for order in orders}:
        storage.delete(key)
    return made


def _make_and_keep(storage: Storage, orders: list[Order]) -> int:
    made = 0
    pictures: Pictures = {}
    for order in orders:
        try:
            storage.put(order.key, _make(order, pictures))
        except Unprintable as problem:
            log.warning("poster not made", poster=order.key, reason=str(problem))
        except StorageFull:
            log.warning("posters not kept", reason="the disk is full")
            return made
        else:
            made += 1
    return made


def _make(order: Order, pictures: Pictures) -> bytes:
    """Print or draw; `pictures` holds what was drawn, since A4 and A3 look the same."""
    design, words = order.file.design, order.words
    if order.file.suffix is Suffix.PDF:
        return print_pdf(design, words, order.file.size)
    if (design, words) not in pictures:
        pictures[design, words] = draw_preview(design, words)
    return pictures[design, words]


def _folder(slug: str) -> str:
    return f"{FOLDER}/{slug}"


def _key(slug: str, file: PosterFile, digest: str) -> str:
    name = poster_file_name(file.design, file.language, file.size, file.suffix)
    return f"{_folder(slug)}/{name.replace('.', f'-{digest}.')}"


def _digest(words: PosterWords) -> str:
    content = json.dumps([press_digest(), asdict(words)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:DIGEST_LENGTH]
