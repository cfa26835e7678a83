"""Accounts on real databases: what happens once, and what two do at the same moment."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from greetings.accounts import one_time, resets, service, sessions, signing_in
from greetings.accounts.models import DeskSession, Invitation, Moderator, RecoveryCode
from greetings.accounts.queries import all_names, has_organiser, member_to_change, names_of
from greetings.accounts.resets import ResetUsed
from greetings.accounts.rules import Role
from greetings.accounts.service import EmailTaken, InvitationUsed, LastOrganiser, NewMember
from greetings.audit import list_entries
from greetings.errors import NotFound
from greetings.house import House

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def house(house_on_each_database: House) -> House:
    return house_on_each_database


def newcomer(email: str = "ana@example.org", name: str = "Ana") -> NewMember:
    return NewMember(name, email, "a hash", SECRET)


def add(house: House, email: str = "ana@example.org", role: Role = Role.MODERATOR) -> str:
    with house.database.work() as session:
        return service.add_member(house, session, newcomer(email), role).id


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def invite(house: House, role: Role = Role.MODERATOR) -> str:
    with house.database.work() as session:
        return token_of(service.invite(house, session, role))


def at_once(house: House, acts: Sequence[Callable[[Session], Any]]) -> list[Any]:
    """Do several things in transactions that begin at the same moment; an answer or an error for each."""
    barrier = Barrier(len(acts))

    def do(act: Callable[[Session], Any]) -> Any:
        barrier.wait()
        try:
            with house.database.work() as session:
                return act(session)
        except Exception as error:  # noqa: BLE001 - the errors are what the test is about
            return type(error)

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def test_an_invitation_used_by_several_at_once_makes_one_member(house: House):
    token = invite(house)
    acts = [
        lambda session, n=n: service.join(house, session, token, newcomer(f"a{n}@example.org"), 1).id
        for n in range(5)
    ]
    answers = at_once(house, acts)
    assert answers.count(InvitationUsed) == 4
    with house.database.reading() as session:
        assert len(session.scalars(select(Moderator)).all()) == 1


def test_one_address_joining_twice_at_once_is_one_member(house: House):
    tokens = [invite(house), invite(house)]
    acts = [lambda session, t=t: service.join(house, session, t, newcomer(), 1).id for t in tokens]
    answers = at_once(house, acts)
    assert answers.count(EmailTaken) == 1
    with house.database.reading() as session:
        assert len(session.scalars(select(Invitation).where(Invitation.used_at.is_(None))).all()) == 1


@pytest.mark.parametrize("first_comes", ["first", "last"])
def test_two_organisers_who_join_with_one_address_do_not_wait_for_one_another(
    house: House, monkeypatch: pytest.MonkeyPatch, first_comes: str
):
    """One by the link of the first start, which the other closes: each holds what the other wants."""
    with house.database.work() as session:
        first = token_of(service.first_organiser_link(house, session) or "")
    slow = {"first": first, "last": invite(house, Role.ORGANISER)}[first_comes]
    quick = invite(house, Role.ORGANISER) if slow == first else first
    has_link, real = Event(), service.add_member

    def take_time(house: House, session: Session, member: NewMember, *more: Any) -> Moderator:
        if member.name == "slow":
            has_link.set()
            time.sleep(0.5)
        return real(house, session, member, *more)

    def follow() -> Any:
        assert has_link.wait(60)
        return at_once(house, [lambda session: service.join(house, session, quick, newcomer(), 1).id])[0]

    monkeypatch.setattr(service, "add_member", take_time)
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(follow)
        (answer,) = at_once(
            house, [lambda session: service.join(house, session, slow, newcomer(name="slow"), 1).id]
        )
        answers = [answer, other.result(60)]
    assert len([one for one in answers if isinstance(one, str)]) == 1, answers
    assert set(answers) & {EmailTaken, InvitationUsed}, answers
    with house.database.reading() as session:
        assert len(session.scalars(select(Moderator)).all()) == 1
        assert house.audit.troubles(session) == []


def test_a_time_step_used_by_several_at_once_is_used_once(house: House):
    member_id = add(house)
    answers = at_once(house, [lambda session: one_time.use_step(session, member_id, 7)] * 5)
    assert sorted(answers) == [False] * 4 + [True]
    with house.database.work() as session:
        assert not one_time.use_step(session, member_id, 6)
        assert one_time.use_step(session, member_id, 8)


def test_a_recovery_code_used_by_several_at_once_is_used_once(house: House):
    member_id = add(house)
    with house.database.work() as session:
        code = one_time.renew_recovery_codes(house.keys, session, member_id)[0]
    now = house.clock()
    answers = at_once(
        house, [lambda session: one_time.use_recovery_code(house.keys, session, member_id, code, now)] * 5
    )
    assert sorted(answers) == [False] * 4 + [True]


def test_a_recovery_code_opens_for_its_own_member_only(house: House):
    ana, eva = add(house), add(house, "eva@example.org")
    now = house.clock()
    with house.database.work() as session:
        first, second = one_time.renew_recovery_codes(house.keys, session, ana)[:2]
        assert not one_time.use_recovery_code(house.keys, session, eva, first, now)
        assert one_time.use_recovery_code(house.keys, session, ana, first, now)
        session.execute(update(RecoveryCode).values(moderator_id=eva))
        assert not one_time.use_recovery_code(house.keys, session, eva, second, now), "nor by moving the row"


def test_two_organisers_who_take_each_other_out_at_once_leave_one(house: House):
    one, other = add(house, "o1@example.org", Role.ORGANISER), add(house, "o2@example.org", Role.ORGANISER)
    answers = at_once(
        house,
        [
            lambda session: service.deactivate(house, session, one, other),
            lambda session: service.deactivate(house, session, other, one),
        ],
    )
    assert answers.count(LastOrganiser) == 1
    with house.database.reading() as session:
        assert has_organiser(session)


def test_recovery_codes_are_not_in_the_database(house: House):
    member_id = add(house)
    with house.database.work() as session:
        codes = one_time.renew_recovery_codes(house.keys, session, member_id)
    with house.database.reading() as session:
        digests = session.scalars(select(RecoveryCode.code_digest)).all()
    assert len(set(digests)) == len(codes) == 8
    assert not [code for code in codes if code.replace("-", "") in " ".join(digests)]


def test_the_first_link_comes_back_until_there_is_an_organiser(house: House):
    with house.database.work() as session:
        link = service.first_organiser_link(house, session)
    assert link is not None
    assert link.startswith(house.settings.url + "/desk/join/")
    add(house)
    with house.database.work() as session:
        assert service.first_organiser_link(house, session) == link
        service.join(house, session, token_of(link), newcomer("olga@example.org"), 1)
        assert service.first_organiser_link(house, session) is None
        with pytest.raises(InvitationUsed):
            service.get_invitation(house, session, token_of(link))


def test_another_installation_prints_another_link(house: House):
    from greetings.keys import Keys

    with house.database.work() as session:
        ours = service.first_organiser_link(house, session)
        house.keys = Keys(b"another secret of 32 bytes or so.")
        assert service.first_organiser_link(house, session) != ours


def test_a_stolen_secret_does_not_open_for_another_member(house: House):
    ana, eve = add(house, "ana@example.org"), add(house, "eve@example.org")
    with house.database.work() as session:
        session.get_one(Moderator, ana).totp_sealed = session.get_one(Moderator, eve).totp_sealed
        with pytest.raises(one_time.SealBroken):
            one_time.unseal(house.keys, session.get_one(Moderator, ana).totp_sealed, ana)


def half(house: House, member_id: str) -> str:
    with house.database.work() as session:
        begun = signing_in.begin_half(house, session, member_id, "a hash", None)
        assert begun is not None
        return begun.token


def test_a_half_session_becomes_a_whole_one_once(house: House):
    member_id = add(house)
    token = half(house, member_id)
    code = pyotp.TOTP(SECRET).at(house.clock())
    answers = at_once(house, [lambda session: signing_in.complete(house, session, token, code)] * 3)
    assert answers.count(None) == 2
    with house.database.reading() as session:
        rows = session.scalars(select(DeskSession)).all()
        assert [row.is_complete for row in rows] == [True]


@pytest.mark.parametrize("way", ["totp", "recovery"])
def test_of_several_who_bring_one_code_at_once_one_signs_in(house: House, way: str):
    """Each with a half session of their own, as who looked over a shoulder and knows the password."""
    member_id = add(house)
    with house.database.work() as session:
        recovery = one_time.renew_recovery_codes(house.keys, session, member_id)[0]
    code = pyotp.TOTP(SECRET).at(house.clock()) if way == "totp" else recovery
    tokens = [half(house, member_id) for _ in range(4)]
    acts = [lambda session, t=token: signing_in.complete(house, session, t, code) for token in tokens]
    answers = at_once(house, acts)
    assert answers.count(None) == 3, answers
    with house.database.reading() as session:
        rows = session.scalars(select(DeskSession)).all()
        assert sum(row.is_complete for row in rows) == 1
        said = [entry.act for entry in list_entries(session)]
        assert said.count("sign-in") == 1
        assert said.count("sign-in-failed") == 3


def test_a_way_back_in_used_by_several_at_once_lets_one_in(house: House):
    olga, ana = add(house, "olga@example.org", Role.ORGANISER), add(house)
    with house.database.work() as session:
        token = token_of(resets.make_reset(house, session, ana, olga))
    acts = [
        lambda session, n=n: resets.finish_reset(house, session, token, f"hash {n}", SECRET, 1).id
        for n in range(4)
    ]
    answers = at_once(house, acts)
    assert answers.count(ResetUsed) == 3, answers
    assert answers.count(ana) == 1


def test_a_password_changed_meanwhile_stops_a_half_session(house: House):
    member_id = add(house)
    with house.database.work() as session:
        assert signing_in.begin_half(house, session, member_id, "an older hash", None) is None
    token = half(house, member_id)
    with house.database.work() as session:
        signing_in.change_password(house, session, member_id, "a hash", "a new hash")
        assert sessions.find(house, session, token, is_complete=False) is None


def change_password(house: House, session: Session, member_id: str) -> None:
    signing_in.change_password(house, session, member_id, "a hash", "a new hash")


def reset(house: House, session: Session, member_id: str) -> None:
    resets.make_reset(house, session, member_id, "an organiser")


@pytest.mark.parametrize(("act", "left"), [(change_password, 1), (reset, 0)])
def test_who_signs_in_while_all_are_signed_out_is_signed_out_too(
    house: House, monkeypatch: pytest.MonkeyPatch, act: Callable[..., None], left: int
):
    """Somebody else comes between the look at a half session and the lock on its member."""
    member_id = add(house)
    token, code = half(house, member_id), pyotp.TOTP(SECRET).at(house.clock())
    way = "greetings.accounts.signing_in.member_to_change"

    def come_between(session: Session, moderator_id: str) -> Moderator | None:
        monkeypatch.setattr(way, member_to_change)
        others.append(threads.submit(at_once, house, [lambda other: act(house, other, member_id)]))
        wait(others, 1)  # done by then, or waiting for us
        return member_to_change(session, moderator_id)

    monkeypatch.setattr(way, come_between)
    others: list[Future[list[Any]]] = []
    with ThreadPoolExecutor(1) as threads:
        with house.database.work() as session:
            signing_in.complete(house, session, token, code)
        assert others[0].result() == [None]
    with house.database.reading() as session:
        assert len(session.scalars(select(DeskSession)).all()) == left


def test_a_whole_session_is_no_half_one_and_the_reverse(house: House):
    member_id = add(house)
    token = half(house, member_id)
    with house.database.reading() as session:
        assert sessions.find(house, session, token, is_complete=False) is not None
        assert sessions.find(house, session, token, is_complete=True) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800", "ў"])
def test_a_made_up_token_finds_nothing(house: House, token: str):
    with house.database.reading() as session:
        assert sessions.find(house, session, token, is_complete=True) is None


def test_what_is_over_is_forgotten_and_what_is_not_stays(house: House):
    member_id = add(house)
    half(house, member_id)
    invite(house)
    with house.database.work() as session:
        service.first_organiser_link(house, session)
        now = house.clock()
        assert service.forget_expired(session, now) == 0
        assert service.forget_expired(session, now + timedelta(hours=1)) == 1
        assert service.forget_expired(session, now + timedelta(days=7)) == 1
        assert len(session.scalars(select(Invitation)).all()) == 1


def test_who_left_keeps_a_name_in_histories(house: House):
    olga, ana = add(house, "olga@example.org", Role.ORGANISER), add(house)
    with house.database.work() as session:
        service.deactivate(house, session, ana, olga)
        assert all_names(session)[ana] == names_of(session, [ana, None])[ana] == "Ana"
        with pytest.raises(NotFound):
            service.deactivate(house, session, ana, olga)


def test_an_invitation_is_withdrawn_once(house: House):
    digest = service.invitation_digest(house, invite(house))
    with house.database.work() as session:
        service.withdraw_invitation(house, session, digest, "system")
        with pytest.raises(NotFound):
            service.withdraw_invitation(house, session, digest, "system")


def test_the_log_of_accounts_is_whole_and_says_no_name(house: House):
    from greetings.audit.models import AuditEntry

    token = invite(house, Role.ORGANISER)
    with house.database.work() as session:
        member = service.join(house, session, token, newcomer(), 1)
        signing_in.renew_recovery_codes(house, session, member.id)
        signing_in.change_password(house, session, member.id, "a hash", "a new hash")
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [entry.act for entry in entries] == ["invite", "join", "recovery-codes", "password-change"]
        assert not [
            entry for entry in entries if "ana" in f"{entry.subject}{entry.details}".replace(member.id, "")
        ]
        assert house.audit.troubles(session) == []


def test_whoever_is_not_in_the_team_any_more_is_nobody_whatever_rows_are_left(house: House):
    """Taking somebody out ends their sessions; one that was begun at that very moment must not count."""
    moderator_id = add(house)
    with house.database.work() as session:
        moderator = session.get_one(Moderator, moderator_id)
        whole, half = (
            sessions.begin(house, session, moderator, is_complete=is_complete).token
            for is_complete in (True, False)
        )
    with house.database.reading() as session:
        assert sessions.find_owner(house, session, whole)
        assert sessions.find(house, session, half, is_complete=False)
    with house.database.work() as session:
        session.get_one(Moderator, moderator_id).is_active = False
    with house.database.reading() as session:
        assert sessions.find_owner(house, session, whole) is None
        for token, is_complete in ((whole, True), (half, False)):
            assert sessions.find(house, session, token, is_complete=is_complete) is None
