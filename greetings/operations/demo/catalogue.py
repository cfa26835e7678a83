"""The demo's greetings in the order in which they arrive: pictures and words in turns, no wall page alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from greetings.operations.demo.words import BELARUSIAN, ENGLISH, ORGANISATIONS, OTHER, RUSSIAN, SENDERS
from greetings.submissions.rules import Kind, Reason, State, Use

LANGUAGES = ("be", "ru", "en", "be", "ru", "be", "en")
PICTURE_SCENES = (
    "portrait", "field", "pair", "table", "hands", "portrait", "balloons", "group", "lake", "cake", "covered", "bicycle",
    "portrait", "letters", "birches", "sill", "pair", "books", "shore", "portrait", "chalk", "windows", "shirt",
    "group", "garland", "village", "portrait", "bridge",
)  # fmt: skip
PHOTOGRAPHS = (
    "01-vilnius-large", "02-night", "03-office-large", "04-cake", "05-birds", "06-flowers", "07-sea", "08-cycling",
    "09-kitchen-large", "10-berlin", "11-field", "12-rain", "13-books", "14-autumn", "15-students-large", "16-snow",
    "17-bridge", "18-desk", "19-cat", "20-sunflower", "21-ridge", "22-rainbow", "23-window", "24-candles",
)  # fmt: skip
DRAWINGS = frozenset({"04-cake", "05-birds", "06-flowers", "20-sunflower", "22-rainbow"})
GREETINGS = 200
UNDECIDED = 26  # the last to arrive wait at the desk


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished illustration by its name, or a scene with its seed."""

    name: str = ""
    scene: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DemoGreeting:
    """One invented greeting, and what becomes of it."""

    language: str
    kind: Kind
    text: str
    name: str
    town: str
    country: str
    organisation: str
    office: str
    uses: frozenset[Use]
    state: State
    reason: Reason | None
    pictures: tuple[Picture, ...]
    shows_children: bool = False


def catalogue() -> tuple[DemoGreeting, ...]:
    """All of them, oldest first."""
    return tuple(_all())


def _all() -> Iterator[DemoGreeting]:
    words = {"be": iter(BELARUSIAN), "en": iter(ENGLISH), "ru": iter(RUSSIAN)}
    senders = {language: cycle(people) for language, people in SENDERS.items()}
    foreign, groups = iter(OTHER), iter(ORGANISATIONS)
    pictures = _pictures()
    for number in range(GREETINGS):
        language = LANGUAGES[number % len(LANGUAGES)]
        name, town, country = next(senders[language])
        organisation = office = text = ""
        shown: tuple[Picture, ...] = ()
        if number % 4 == 1:
            text = next(words[language], "")
        if number % 19 == 4:
            text, country, town, name = next(foreign, (text, country, town, name))
        elif number % 31 == 8:
            organisation, office, town, country, language = next(groups, ("", "", town, country, language))
            name = "" if organisation else name
        if not text:
            shown = tuple(next(pictures) for _ in range(_count(number)))
        state, reason = _fate(number)
        is_drawing = any(picture.name in DRAWINGS for picture in shown)
        kind = Kind.DRAWING if is_drawing else Kind.PHOTO if shown else Kind.TEXT
        yield DemoGreeting(
            language,
            kind,
            text,
            name,
            town,
            country,
            organisation,
            office,
            _uses(number),
            state,
            reason,
            shown,
            is_drawing,
        )


def _pictures() -> Iterator[Picture]:
    names, scenes = iter(PHOTOGRAPHS), cycle(PICTURE_SCENES)
    number = 0
    while True:
        name = next(names, "") if number % 3 == 0 else ""
        yield Picture(name=name) if name else Picture(scene=next(scenes), seed=number)
        number += 1


def _count(number: int) -> int:
    return {27: 6, 60: 3, 99: 10, 150: 4}.get(number, 1)


def _fate(number: int) -> tuple[State, Reason | None]:
    if number >= GREETINGS - UNDECIDED:
        return State.PENDING, None
    if number % 23 == 17:
        return State.REJECTED, tuple(Reason)[number % len(Reason)]
    if number % 47 == 40:
        return State.WITHDRAWN, None
    return State.APPROVED, None


def _uses(number: int) -> frozenset[Use]:
    main = {Use.GALLERY, Use.POST} if number % 11 else {Use.POST}
    return frozenset(
        main | ({Use.EVENTS} if number % 2 else set()) | ({Use.PRESS} if number % 5 == 0 else set())
    )
