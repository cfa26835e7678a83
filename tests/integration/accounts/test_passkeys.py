"""Passkeys where rows decide: two at the same moment, on each database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from greetings.accounts import passkeys, service
from greetings.accounts.ceremony import PasskeyRefused
from greetings.accounts.rules import Role
from greetings.house import House
from tests.web.accounts.device import Device


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
