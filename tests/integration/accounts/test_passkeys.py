"""Passkeys where rows decide: two at the same moment, on each database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from greetings.accounts import passkeys, resets, service
from greetings.accounts.ceremony import PasskeyRefused
from greetings.accounts.models import Moderator
from greetings.accounts.rules import Role
from greetings.house import House
from tests.web.accounts.device import Device

Act = Callable[[House, Session, str], None]


def test_an_answer_brought_by_several_at_once_signs_in_once_and_a_removed_passkey_never(
    house_on_each_database: House,
):
    house, device, at_once = house_on_each_database, Device(), 3
    house.settings = replace(house.settings, url=device.origin)
    with house.database.work() as session:
        facts = service.NewMember("Ana", "ana@example.org", "-", "JBSWY3DPEHPK3PXP")
        ana = service.add_member(house, session, facts, Role.MODERATOR).id
        made = device.make(passkeys.request_to_make(house, session, ana, "Ana", "session"))
        passkey = passkeys.add(house, session, ana, "session", made, "phone").id
    barrier = Barrier(at_once)

    def come(answer: str) -> bool:
        with house.database.reading() as session:
            proof = passkeys.prove(house, session, answer, passkeys.SIGN_IN)
        barrier.wait()
        try:
            with house.database.work() as session:
                return passkeys.sign_in(house, session, proof, "") is not None
        except PasskeyRefused:
            return False

    with ThreadPoolExecutor(at_once) as threads:
        came_in = list(threads.map(come, [device.answer(passkeys.question(house))] * at_once))
    assert sum(came_in) == 1

    with house.database.reading() as session:
        proof = passkeys.prove(house, session, device.answer(passkeys.question(house)), passkeys.SIGN_IN)
    with house.database.work() as session:
        passkeys.remove(house, session, ana, passkey)
    try:
        with house.database.work() as session:
            passkeys.sign_in(house, session, proof, "")
    except PasskeyRefused:
        return
    raise AssertionError("proved before, removed in between, and still let in")


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def ana(house_on_each_database: House, device: Device) -> str:
    """A member with one passkey."""
    house = house_on_each_database
    house.settings = replace(house.settings, url=device.origin)
    with house.database.work() as session:
        facts = service.NewMember("Ana", "ana@example.org", "-", "JBSWY3DPEHPK3PXP")
        member = service.add_member(house, session, facts, Role.MODERATOR).id
        made = device.make(passkeys.request_to_make(house, session, member, "Ana", "session"))
        passkeys.add(house, session, member, "session", made, "phone")
        return member


def close(_house: House, session: Session, member_id: str) -> None:
    """Closed, with the passkey left behind, as nothing in the program leaves it."""
    session.get_one(Moderator, member_id).is_active = False


def reset(house: House, session: Session, member_id: str) -> None:
    resets.make_reset(house, session, member_id, "an organiser")


def remove(house: House, session: Session, member_id: str) -> None:
    (passkey,) = passkeys.list_of(session, member_id)
    passkeys.remove(house, session, member_id, passkey.id)


@pytest.mark.parametrize("act", [close, reset, remove])
@pytest.mark.parametrize("is_proved_before", [False, True])
def test_no_passkey_of_who_is_out_signs_in_not_even_when_it_was_proved_before(
    house_on_each_database: House, ana: str, device: Device, act: Act, is_proved_before: bool
):
    house = house_on_each_database
    answer = device.answer(passkeys.question(house))
    with house.database.work() as session:
        if not is_proved_before:
            act(house, session, ana)
        with nullcontext() if is_proved_before else pytest.raises(PasskeyRefused):
            proof = passkeys.prove(house, session, answer, passkeys.SIGN_IN)
        if not is_proved_before:
            return
        act(house, session, ana)
    with house.database.work() as session, pytest.raises(PasskeyRefused):
        passkeys.sign_in(house, session, proof, "")
