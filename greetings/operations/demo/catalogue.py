"""The demo's greetings in the order in which they arrive: words and pictures mixed, neighbours never of one family."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from random import Random

from greetings.operations.demo.words import (
    BELARUSIAN,
    CHILDREN,
    ENGLISH,
    ORGANISATIONS,
    OTHER,
    PHOTOGRAPHS,
    RUSSIAN,
    SENDERS,
    VOICES,
)
from greetings.submissions.rules import Kind, Reason, State, Use

LANGUAGES = ("be", "ru", "en", "be", "ru", "be", "en")
PICTURE_SCENES = (
    "portrait", "field", "pair", "table", "hands", "childrens", "balloons", "group", "lake", "covered", "cake", "bicycle",
    "portrait", "letters", "birches", "sill", "mushrooms", "pair", "books", "shore", "portrait", "chalk", "windows", "shirt",
    "childrens", "group", "garland", "village", "portrait", "bridge",
)  # fmt: skip
# what looks alike from across a room; a scene that isn't named is a family of its own
FAMILIES = {
    "portrait": "one", "covered": "one", "shirt": "one", "hands": "hands", "field": "hands", "pair": "two", "group": "many",
    "letters": "many", "lake": "water", "shore": "water", "bridge": "water", "birches": "land", "village": "land",
    "windows": "night", "cake": "table", "table": "table", "mushrooms": "table", "sill": "sill", "books": "sill",
    "balloons": "festive", "garland": "festive",
    "01-vilnius-large": "one", "02-night": "one", "03-office-large": "many", "04-cake": "childrens", "05-birds": "childrens",
    "06-flowers": "childrens", "07-sea": "two", "08-cycling": "one", "09-kitchen-large": "one", "10-berlin": "many",
    "11-field": "hands", "12-rain": "sill", "13-books": "one", "14-autumn": "one", "15-students-large": "many", "16-snow": "one",
    "17-bridge": "one", "18-desk": "two", "19-cat": "sill", "20-sunflower": "one", "21-ridge": "two", "22-rainbow": "childrens",
    "23-window": "one", "24-candles": "many",
}  # fmt: skip
SINGLE_VOICES = frozenset({"woman", "man", "grandmother", "grandfather", ""})
NEIGHBOURS = 5  # so many greetings in a row show no two pictures of one family
GREETINGS = 200
UNDECIDED = 26  # the last to arrive wait at the desk
FIRST_ORGANISATION, ORGANISATION_EVERY = 5, 13
FIRST_FOREIGN, FOREIGN_EVERY = 4, 19
SEVERAL_PICTURES = {27: 6, 60: 3, 99: 9, 150: 4}
CARD_LANGUAGES = ("nl", "en", "be", "en")


# who can be seen in pictures of a family
PEOPLE: dict[str, Callable[[str], bool]] = {
    "one": lambda looks: looks in SINGLE_VOICES - {""},
    "two": lambda looks: " " in looks,
    "many": lambda looks: looks == "many",
}


def _anybody(_looks: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished illustration by its name, or a scene with its seed, lettered in a language."""

    name: str = ""
    scene: str = ""
    seed: int = 0
    language: str = ""
    casts: tuple[str, ...] = ()  # who is in it; anyone where nothing is said

    @property
    def family(self) -> str:
        return _family(self.name or self.scene)


@dataclass(frozen=True, slots=True)
class DemoGreeting:
    """One invented greeting, and what becomes of it."""

    language: str
    kind: Kind
    state: State
    reason: Reason | None
    uses: frozenset[Use]
    text: str = ""
    name: str = ""
    town: str = ""
    country: str = ""
    organisation: str = ""
    office: str = ""
    pictures: tuple[Picture, ...] = ()
    shows_children: bool = False


def catalogue() -> tuple[DemoGreeting, ...]:
    """All of them, oldest first."""
    return tuple(_Morning().post())


class _Morning:
    """The post of the action, taken out of its bags letter by letter."""

    def __init__(self) -> None:
        self._languages = cycle(LANGUAGES)
        self._senders = {language: list(people) for language, people in SENDERS.items()}
        self._children = {language: cycle(names) for language, names in CHILDREN.items()}
        self._words = {"be": list(BELARUSIAN), "en": list(ENGLISH), "ru": list(RUSSIAN)}
        for words in self._words.values():
            Random(1962).shuffle(words)  # long and short mixed, always the same way
        self._foreign = iter(OTHER)
        self._photographs, self._scenes, self._seeds = list(PHOTOGRAPHS), cycle(PICTURE_SCENES), count()
        self._waiting_scenes: list[str] = []
        self._families: list[str] = []  # of the latest greetings
        self._neighbours: set[str] = set()  # families that stand close to the greeting that is being made

    def post(self) -> Iterator[DemoGreeting]:
        places = range(GREETINGS)
        organised = dict(zip(places[FIRST_ORGANISATION::ORGANISATION_EVERY], ORGANISATIONS, strict=True))
        foreign = set(places[FIRST_FOREIGN::FOREIGN_EVERY]) - organised.keys()
        free = [number for number in places if number not in organised and number not in foreign]
        written = _spread(free, sum(len(words) for words in self._words.values()))
        for number in places:
            coming = range(number + 1, number + NEIGHBOURS + 1)
            ahead = {_family(organised[place][-1]) for place in coming if place in organised}
            self._neighbours = {*self._families[-NEIGHBOURS:], *ahead}
            if number in organised:
                greeting = self._organisation(number, *organised[number])
            elif number in foreign:
                greeting = self._abroad(number)
            elif number in written:
                greeting = self._writing(number)
            else:
                greeting = self._picture(number)
            self._families.append(greeting.pictures[0].family if greeting.pictures else "")
            yield greeting

    def _organisation(
        self, number: int, organisation: str, office: str, town: str, country: str, language: str,
        text: str, pictures: int, scene: str,
    ) -> DemoGreeting:  # fmt: skip
        shown = tuple(
            Picture(scene=scene, seed=next(self._seeds), language=_card_language(scene, language, place))
            for place in range(pictures)
        )
        kind = _kind(shown)
        # the wall is to show them, except those that still wait
        state = State.PENDING if _is_undecided(number) else State.APPROVED
        return DemoGreeting(
            language, kind, state, None, frozenset(Use), text, "", town, country, organisation, office, shown
        )

    def _abroad(self, number: int) -> DemoGreeting:
        text, country, town, name = next(self._foreign)
        state, reason = _fate(number)
        return DemoGreeting("en", Kind.TEXT, state, reason, _uses(number), text, name, town, country)

    def _writing(self, number: int) -> DemoGreeting:
        language = next(language for language in self._languages if self._words[language])
        text = self._words[language].pop(0)
        voice = next((voice for beginning, voice in VOICES.items() if text.startswith(beginning)), None)
        wanted = SINGLE_VOICES if voice is None else {voice}
        name, town, country, _ = self._sender(language, lambda looks: looks in wanted)
        state, reason = _fate(number)
        return DemoGreeting(language, Kind.TEXT, state, reason, _uses(number), text, name, town, country)

    def _picture(self, number: int) -> DemoGreeting:
        state, reason = _fate(number)
        uses = _uses(number)
        if number % 2 == 0 and (found := self._next_photograph()):
            photograph, language, name, town, country = found
            shown: tuple[Picture, ...] = (Picture(name=photograph),)
            return DemoGreeting(
                language, _kind(shown), state, reason, uses, "", name, town, country, pictures=shown
            )
        language = next(self._languages)
        scene = self._next_scene()
        family = _family(scene)
        casts: tuple[str, ...] = ()
        if scene == "childrens":
            name, town, country = next(self._children[language]), "", ""
        else:
            name, town, country, looks = self._sender(language, PEOPLE.get(family, _anybody))
            casts = tuple(looks.split()) if family in {"one", "two"} else ()
        more = range(SEVERAL_PICTURES.get(number, 1) - 1)
        several = [scene, *(scene if scene == "childrens" else self._next_scene() for _ in more)]
        shown = tuple(
            Picture(
                scene=each, seed=next(self._seeds), language=language, casts=casts if each == scene else ()
            )
            for each in several
        )
        return DemoGreeting(
            language, _kind(shown), state, reason, uses, "", name, town, country, pictures=shown,
            shows_children=number in SEVERAL_PICTURES,
        )  # fmt: skip

    def _sender(self, language: str, fits: Callable[[str], bool]) -> tuple[str, str, str, str]:
        """The next one in that language whose looks fit."""
        waiting = self._senders[language]
        place = next(place for place, sender in enumerate(waiting) if fits(sender[-1]))
        waiting.append(waiting.pop(place))
        return waiting[-1]

    def _next_photograph(self) -> tuple[str, str, str, str, str] | None:
        """The first that doesn't look like its neighbours."""
        for place, photograph in enumerate(self._photographs):
            if _family(photograph[0]) not in self._neighbours:
                return self._photographs.pop(place)
        return None

    def _next_scene(self) -> str:
        """The first that doesn't look like its neighbours; those passed over come later."""
        while True:
            for place, scene in enumerate(self._waiting_scenes):
                if _family(scene) not in self._neighbours:
                    return self._waiting_scenes.pop(place)
            self._waiting_scenes.append(next(self._scenes))


def _family(name_or_scene: str) -> str:
    return FAMILIES.get(name_or_scene, name_or_scene)


def _spread(places: list[int], wanted: int) -> set[int]:
    """So many of the places, evenly."""
    return {
        place
        for step, place in enumerate(places)
        if (step + 1) * wanted // len(places) > step * wanted // len(places)
    }


def _card_language(scene: str, language: str, place: int) -> str:
    return CARD_LANGUAGES[place % len(CARD_LANGUAGES)] if scene == "childrens" else language


def _kind(pictures: tuple[Picture, ...]) -> Kind:
    if not pictures:
        return Kind.TEXT
    return Kind.DRAWING if pictures[0].family == "childrens" else Kind.PHOTO


def _is_undecided(number: int) -> bool:
    return number >= GREETINGS - UNDECIDED


def _fate(number: int) -> tuple[State, Reason | None]:
    if _is_undecided(number):
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
