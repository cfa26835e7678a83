"""Makes actions, greetings and moderators as tests need them, through the program's own code where it can."""

import hashlib
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from greetings.actions.models import Action, ActionText
from greetings.actions.rules import TEXT_NAMES, ActionState
from greetings.clock import to_the_hour
from greetings.house import House
from greetings.ids import new_id
from greetings.languages import LANGUAGES
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import Kind, Reason, State, Step, Use
from greetings.submissions.steps import take_step

ALL_USES = frozenset(Use)


def make_action(
    session: Session, slug: str = "ales", state: ActionState = ActionState.OPEN, **facts: Any
) -> Action:
    """An action whose every text says its own name and language."""
    action = Action(slug=slug, state=state, **{"born_on": date(1962, 9, 25), "jubilee_age": 50, **facts})
    for language in LANGUAGES:
        words = {name: f"{name} {language}" for name in TEXT_NAMES}
        words["poster_lines"] = "Happy\nBirthday,\nAles!"
        words["address"] = "Street 1\n213807 Town"
        action.texts.append(ActionText(language=language, words=words))
    session.add(action)
    session.flush()
    return action


def make_greeting(
    house: House,
    session: Session,
    action: Action,
    *,
    state: State = State.APPROVED,
    photos: int = 0,
    descriptions: Sequence[str] = (),
    actor: str = "system",
    **facts: Any,
) -> Greeting:
    """A greeting in the store, brought to its state by real steps; `photos` get real files, the first of them
    `descriptions`.
    """
    now = to_the_hour(house.clock())
    greeting = Greeting(
        action_id=action.id,
        **{
            "received_at": now,
            "changed_at": now,
            "code_digest": new_id(64),
            "kind": Kind.PHOTO if photos else Kind.TEXT,
            "language": "be",
            "text": "З днём нараджэння!",
            "name": "Ганна",
            "town": "Вільня",
            "country": "LT",
            "granted": ALL_USES,
            "state": State.PENDING,
            **facts,
        },
    )
    session.add(greeting)
    for position in range(photos):
        greeting.photos.append(make_photo(house, position))
    for photo, said in zip(greeting.photos, descriptions, strict=False):
        photo.description = said
    session.flush()
    for step in _steps_to(state):
        reason = Reason.NOT_A_GREETING if step is Step.REJECT else None
        take_step(house, session, greeting, step, actor=actor, reason=reason)
    return greeting


def make_photo(house: House, position: int = 0) -> Photo:
    """A photo row with three small real files."""
    from greetings.submissions.files import RENDITIONS, private_key

    photo = Photo(
        position=position,
        private_name=new_id(),
        width_px=60,
        height_px=40,
        average_colour="b3131c",
        difference_hash="0" * 16,
        digests={},
    )
    for rendition in RENDITIONS:
        data = picture_bytes(rendition.format, (60, 40))
        house.storage.put(private_key(photo.private_name, rendition), data)
        photo.digests[rendition.name] = hashlib.sha256(data).hexdigest()
    return photo


def picture_bytes(form: str = "JPEG", size: tuple[int, int] = (640, 480), **save: Any) -> bytes:
    """A picture drawn for the test, encoded."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    held = io.BytesIO()
    picture.save(held, form, **save)
    return held.getvalue()


def _steps_to(state: State) -> list[Step]:
    return {
        State.PENDING: [],
        State.APPROVED: [Step.APPROVE],
        State.REJECTED: [Step.REJECT],
        State.WITHDRAWN: [Step.APPROVE, Step.WITHDRAW],
        State.ERASED: [Step.APPROVE, Step.ERASE],
    }[state]
