"""An action as its pages see it, and the few ways it changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from greetings.actions.defaults import default_actions
from greetings.actions.models import Action, ActionText
from greetings.actions.queries import (
    FACT_NAMES,
    action_to_change,
    find_action,
    list_public_actions,
    read_facts,
)
from greetings.actions.rules import (
    TEXT_NAMES,
    ActionState,
    ActionTexts,
    age_at_next_birthday,
    days_left,
    is_accepting,
    next_birthday,
)
from greetings.audit.rules import Detail
from greetings.clock import day_in
from greetings.db.session import begin_writing
from greetings.errors import NotFound, VersionStale
from greetings.house import House
from greetings.languages import LANGUAGES

ActionReaction = Callable[[House, Session, Action], None]
ActionPreparation = Callable[[House, Session, Action, "ActionChange"], None]

_reactions: list[ActionReaction] = []
_preparations: list[ActionPreparation] = []
_ENDED = frozenset({ActionState.CLOSED, ActionState.ARCHIVED})


class SlugTaken(Exception):
    """There is an action at that address already."""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """All that visitors see of an action, apart from any row or session: may be kept and shared."""

    id: int
    slug: str
    state: ActionState
    is_public: bool
    born_on: date
    jubilee_age: int
    time_zone: str
    version: int
    texts: tuple[tuple[str, ActionTexts], ...]  # by language

    def texts_in(self, language: str) -> ActionTexts:
        """Its sentences in a language."""
        return dict(self.texts).get(language) or _texts({})


AnyAction = Action | ActionFacts


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action presented in one language on one day: what templates and the rooms above read.

    `today` is the day where the prisoner is: at 22 o’clock UTC it is the birthday already in Minsk.
    """

    facts: ActionFacts
    language: str
    texts: ActionTexts
    today: date

    @property
    def id(self) -> int:
        return self.facts.id

    @property
    def version(self) -> int:
        return self.facts.version

    @property
    def slug(self) -> str:
        return self.facts.slug

    @property
    def title(self) -> str:
        """What the action is called now: after a release it welcomes home."""
        return self.texts.released_title if self.state is ActionState.RELEASED else self.texts.title

    @property
    def state(self) -> ActionState:
        return self.facts.state

    @property
    def is_public(self) -> bool:
        return self.facts.is_public

    @property
    def is_accepting(self) -> bool:
        return is_accepting(self.facts.state)

    @property
    def born_on(self) -> date:
        return self.facts.born_on

    @property
    def days_left(self) -> int:
        return days_left(self.facts.born_on, self.today)

    @property
    def next_birthday(self) -> date:
        return next_birthday(self.facts.born_on, self.today)

    @property
    def age(self) -> int:
        """How old they become on the next birthday."""
        return age_at_next_birthday(self.facts.born_on, self.today)

    @property
    def jubilee_age(self) -> int:
        return self.facts.jubilee_age

    def texts_in(self, language: str) -> ActionTexts:
        """The same action's texts in another language."""
        return self.facts.texts_in(language)


@dataclass(frozen=True, slots=True)
class ActionChange:
    """What an organiser may change about an action, whole: facts, and texts by language and name."""

    state: ActionState
    is_public: bool
    needs_two: bool
    born_on: date
    jubilee_age: int
    time_zone: str
    texts: Mapping[str, Mapping[str, str]]


def on_action_changed(reaction: ActionReaction) -> None:
    """Have `reaction` called, in the same transaction, whenever an action was added or changed.

    Rooms above follow an action this way (what is public of it, its posters) without being imported here.
    """
    if reaction not in _reactions:
        _reactions.append(reaction)


def before_action_changes(preparation: ActionPreparation) -> None:
    """Have `preparation` called before anybody has to wait for a change: for what is slow and needs no lock.

    Others may change what it saw until then. What was prepared in vain goes with the rollback.
    """
    if preparation not in _preparations:
        _preparations.append(preparation)


def load_default_actions(session: Session) -> list[str]:
    """Put in the actions that ship with the program where their slug is free; what organisers changed
    stays as it is. Returns the slugs that were added: none from the second start on.
    """
    added = []
    for default in default_actions():
        if find_action(session, default.slug) is not None:
            continue
        action = Action(
            slug=default.slug,
            state=default.state,
            is_public=default.is_public,
            born_on=default.born_on,
            jubilee_age=default.jubilee_age,
        )
        _set_texts(action, default.texts)
        session.add(action)
        added.append(default.slug)
    session.flush()
    return added


def facts_of(action: Action) -> ActionFacts:
    """What visitors see of an action, taken from its row."""
    texts = [(text.language, text.words) for text in action.texts]
    return _facts([getattr(action, name) for name in FACT_NAMES], texts)


def texts_of(action: AnyAction, language: str) -> ActionTexts:
    """The texts of an action in a language."""
    return (action if isinstance(action, ActionFacts) else facts_of(action)).texts_in(language)


def get_public_facts(session: Session, slug: str) -> ActionFacts:
    """What visitors see of the action of a slug, or `NotFound`: one that is hidden doesn't exist outside."""
    found = read_facts(session, slug)
    if found is None or not found[0].is_public:
        raise NotFound(slug)
    return _facts(*found)


def _facts(facts: Sequence[Any], texts: Iterable[tuple[str, Mapping[str, str]]]) -> ActionFacts:
    said = tuple((language, _texts(words)) for language, words in texts)
    return ActionFacts(**dict(zip(FACT_NAMES, facts, strict=True)), texts=said)


def _texts(words: Mapping[str, str]) -> ActionTexts:
    """A text that a newer version brought is empty until it is written."""
    return ActionTexts(*(words.get(name, "") for name in TEXT_NAMES))


def present(facts: ActionFacts, language: str, now: datetime) -> ActionPage:
    """An action as a page in `language` shows it at the moment `now` (aware)."""
    return ActionPage(facts, language, facts.texts_in(language), day_in(now, facts.time_zone))


def find_front_action(session: Session) -> Action | None:
    """The action that `/` leads to: the only open one, or the only one there is."""
    public = list_public_actions(session)
    for candidates in ([action for action in public if action.state is ActionState.OPEN], public):
        if len(candidates) == 1:
            return candidates[0]
    return None


def add_action(
    house: House, session: Session, *, slug: str, born_on: date, like: Action, actor: str
) -> Action:
    """A new action, hidden and announced, with another one's texts to start writing from; or `SlugTaken`."""
    texts = {text.language: dict(text.words) for text in like.texts}
    begin_writing(session)
    if find_action(session, slug) is not None:
        raise SlugTaken(slug)
    today = day_in(house.clock(), like.time_zone)
    action = Action(
        slug=slug,
        state=ActionState.ANNOUNCED,
        is_public=False,
        born_on=born_on,
        jubilee_age=age_at_next_birthday(born_on, today),
        time_zone=like.time_zone,
    )
    _set_texts(action, texts)
    session.add(action)
    try:
        session.flush()
    except IntegrityError as error:  # a colleague took it at the same moment
        raise SlugTaken(slug) from error
    _record(house, session, action, actor, "add-action", {"like": like.slug})
    return action


def change_action(
    house: House, session: Session, slug: str, change: ActionChange, *, version: int, actor: str
) -> Action:
    """Change an action as it was seen in `version`; `VersionStale` if somebody else changed it since."""
    seen = find_action(session, slug)
    if seen is not None and seen.version == version:
        for prepare in _preparations:
            prepare(house, session, seen, change)
    begin_writing(session)
    action = action_to_change(session, slug)
    if action is None:
        raise NotFound(slug)
    if action.version != version:
        raise VersionStale(slug)
    changed = changed_texts(action, change.texts)
    details: dict[str, Detail] = {
        "state": [action.state.value, change.state.value],
        "public": change.is_public,
        "two": change.needs_two,
        "texts": changed,
    }
    if change.state in _ENDED and action.state not in _ENDED:
        action.closed_on = house.clock().date()
    elif change.state not in _ENDED:
        action.closed_on = None
    action.state = change.state
    action.is_public = change.is_public
    action.needs_two = change.needs_two
    action.born_on = change.born_on
    action.jubilee_age = change.jubilee_age
    action.time_zone = change.time_zone
    action.version = version + 1
    _set_texts(action, change.texts)
    session.flush()
    _record(house, session, action, actor, "change-action", details)
    return action


def changed_texts(action: Action, texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Which texts differ from what is kept, as `LANGUAGE-NAME`."""
    kept = {text.language: text.words for text in action.texts}
    return [
        f"{language}-{name}"
        for language in LANGUAGES
        for name in TEXT_NAMES
        if kept.get(language, {}).get(name, "") != texts.get(language, {}).get(name, "")
    ]


def _set_texts(action: Action, texts: Mapping[str, Mapping[str, str]]) -> None:
    rows = {text.language: text for text in action.texts}
    for language in LANGUAGES:
        words = {name: texts.get(language, {}).get(name, "") for name in TEXT_NAMES}
        if language in rows:
            rows[language].words = words
        else:
            action.texts.append(ActionText(language=language, words=words))


def _record(
    house: House, session: Session, action: Action, actor: str, act: str, details: dict[str, Detail]
) -> None:
    house.audit.add(session, at=house.clock(), actor=actor, act=act, subject=action.slug, details=details)
    for react in _reactions:
        react(house, session, action)
    session.flush()
