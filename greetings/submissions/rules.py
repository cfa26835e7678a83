"""What a greeting is and what may become of it. Pure: no database, clock, file or picture."""

import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MAX_PHOTOS = 10
MAX_TEXT = 2_000
MAX_NAME = 80
MAX_TOWN = 80
MAX_ORGANISATION = 120
MAX_OFFICE = 120
MAX_CONSENT_FROM = 200
MAX_DESCRIPTION = 300  # of one photo
MAX_FILE_BYTES = 20_000_000
MAX_REQUEST_BYTES = 60_000_000
MIN_FILL_IN_SECONDS = 2


class Kind(StrEnum):
    """What a greeting is, as its sender said."""

    PHOTO = "photo"
    TEXT = "text"
    DRAWING = "drawing"


class Use(StrEnum):
    """What may be done with a greeting, each only with its sender's consent."""

    GALLERY = "gallery"
    POST = "post"
    EVENTS = "events"
    PRESS = "press"


MAIN_USES = frozenset({Use.GALLERY, Use.POST})  # at least one of them is needed


class State(StrEnum):
    """Where a greeting is on its way."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Step(StrEnum):
    """What can be done to a greeting; also the name of the act in the audit log."""

    APPROVE = "approve"
    REJECT = "reject"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class Reason(StrEnum):
    """Codes of the reasons for rejecting that every installation begins with; organisers add others."""

    DUPLICATE = "duplicate"
    RISK = "risk"
    NOT_A_GREETING = "not_a_greeting"
    HURTFUL = "hurtful"
    UNREADABLE = "unreadable"


MAX_DIGIT = 9  # a reason may have a key of its own, 1 to 9
MAX_REASON_NAME = 60
MAX_REASON_WORDS = 400


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason for rejecting in one language."""

    name: str  # for the desk, short: "Someone may be put at risk"
    why: str  # for the receipt: what we saw
    now: str  # for the receipt: what the supporter may do now


class IllegalStep(Exception):
    """The step doesn't lead anywhere from that state."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"{step} does not apply to what is {state}.")
        self.state = state
        self.step = step


_OPEN = (State.PENDING, State.APPROVED, State.REJECTED)

TRANSITIONS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.PENDING, Step.APPROVE): State.APPROVED,
        (State.PENDING, Step.REJECT): State.REJECTED,
        (State.APPROVED, Step.REOPEN): State.PENDING,
        (State.REJECTED, Step.REOPEN): State.PENDING,
        **{(state, Step.WITHDRAW): State.WITHDRAWN for state in _OPEN},
        **{(state, Step.ERASE): State.ERASED for state in _OPEN},
    }
)

FINAL_STATES = frozenset({State.WITHDRAWN, State.ERASED})


def next_state(state: State, step: Step) -> State:
    """Where the step leads, or `IllegalStep`."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def is_public(
    *, action_is_public: bool, state: State, granted: AbstractSet[Use], disallowed: AbstractSet[Use]
) -> bool:
    """Promise 7: the action is public, the greeting approved, its sender agreed, no moderator disallowed."""
    return (
        action_is_public
        and state is State.APPROVED
        and Use.GALLERY in granted
        and Use.GALLERY not in disallowed
    )


def is_for_screen(
    *, action_is_public: bool, state: State, granted: AbstractSet[Use], disallowed: AbstractSet[Use]
) -> bool:
    """Whether the screen at events may show it: by the consent to events instead of that to the gallery."""
    return action_is_public and may_use(Use.EVENTS, state=state, granted=granted, disallowed=disallowed)


def may_use(use: Use, *, state: State, granted: AbstractSet[Use], disallowed: AbstractSet[Use]) -> bool:
    """Whether one use is open: approved, agreed to, and not disallowed."""
    return state is State.APPROVED and use in granted and use not in disallowed


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sender says, checked and cleaned: everything of a greeting but its photos."""

    kind: Kind
    language: str
    uses: frozenset[Use]
    text: str = ""
    name: str = ""
    town: str = ""
    country: str = ""
    organisation: str = ""
    office: str = ""
    descriptions: tuple[str, ...] = ()  # what can be seen in each photo, in their order
    everyone_agreed: bool = False
    shows_children: bool = False
    wants_faces_covered: bool = False
    brought_by: str = ""  # the member of the team who adds it for its sender; "" when its sender does
    consent_from: str = ""  # who gave the consent, as that member says


def settled_kind(said: Kind, *, has_photos: bool) -> Kind:
    """The kind a greeting is kept as: without a picture it is words, with one it isn't words alone."""
    if not has_photos:
        return Kind.TEXT
    return Kind.PHOTO if said is Kind.TEXT else said


_APOSTROPHES = dict.fromkeys(map(ord, "'ʼ`´‘"), "’")


def search_text(*texts: str) -> str:
    """Words as the search compares them: small letters, ё as е, ў as у, one kind of apostrophe."""
    joined = unicodedata.normalize("NFC", " ".join(texts)).casefold()
    joined = joined.replace("ё", "е").replace("ў", "у").translate(_APOSTROPHES)
    words = ("".join(letter for letter in word if letter.isprintable()) for word in joined.split())
    return " ".join(word for word in words if word)
