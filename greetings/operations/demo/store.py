"""Puts the demo into the store through the services that real greetings go through."""

import io
from collections.abc import Callable

from sqlalchemy.orm import Session

from greetings.actions.queries import find_action
from greetings.audit import DEMO, SENDER
from greetings.errors import NotFound
from greetings.house import House
from greetings.moderation.service import approve, reject
from greetings.operations.demo.catalogue import DemoGreeting, Picture, catalogue
from greetings.operations.demo.descriptions import seen_in
from greetings.operations.demo.pictures import draw, photograph
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Draft, State, Step
from greetings.submissions.service import UntrustedFile, receive
from greetings.submissions.steps import greeting_to_change, take_step

KEY = "demo greeting {number}"  # the same at every call: what is there already is not sent twice


def fill_with_demo(house: House, slug: str, tell: Callable[[int, int], None]) -> int:
    """Send and decide every greeting of the catalogue that isn't there yet; returns how many were new.

    `tell` hears how far it is. It can be stopped anywhere and called again. Raises `NotFound` or `ActionClosed`
    where the action takes nothing.
    """
    greetings = catalogue()
    new = 0
    for number, demo in enumerate(greetings, start=1):
        new += _send(house, slug, number, demo)
        tell(number, len(greetings))
    return new


def _send(house: House, slug: str, number: int, demo: DemoGreeting) -> int:
    with house.database.session() as session:
        action = find_action(session, slug)
        if action is None:
            raise NotFound(slug)
        files = [UntrustedFile(io.BytesIO(_bytes(picture, demo.language))) for picture in demo.pictures]
        receipt = receive(house, session, action, _draft(demo), files, KEY.format(number=number))
        is_new = receipt.greeting.state is State.PENDING and receipt.greeting.version == 1
        session.commit()
        if is_new and demo.state is not State.PENDING:
            _decide(house, session, receipt.greeting, demo)
            session.commit()
        return int(is_new)


def _decide(house: House, session: Session, greeting: Greeting, demo: DemoGreeting) -> None:
    if demo.reason is not None:
        reject(house, session, greeting.id, greeting.version, actor=DEMO, reason=demo.reason)
        return
    approved = approve(house, session, greeting.id, greeting.version, actor=DEMO)
    if demo.state is State.WITHDRAWN:
        take_step(house, session, greeting_to_change(session, approved.id), Step.WITHDRAW, actor=SENDER)


def _bytes(picture: Picture, language: str) -> bytes:
    return (
        photograph(picture.name)
        if picture.name
        else draw(picture.scene, picture.seed, picture.language or language, picture.casts)
    )


def _draft(demo: DemoGreeting) -> Draft:
    return Draft(
        kind=demo.kind,
        language=demo.language,
        uses=demo.uses,
        text=demo.text,
        name=demo.name,
        town=demo.town,
        country=demo.country,
        organisation=demo.organisation,
        office=demo.office,
        descriptions=tuple(seen_in(picture, demo.language) for picture in demo.pictures),
        everyone_agreed=bool(demo.pictures),
        shows_children=demo.shows_children,
    )
