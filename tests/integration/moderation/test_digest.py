"""The letter with figures: at its time, once, with nothing but numbers, and never in clear over the net."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from greetings.accounts import digests, service
from greetings.accounts.models import Digest, Moderator
from greetings.accounts.rules import WEEKDAYS, Rhythm, Role, next_digest
from greetings.house import House, open_house
from greetings.mailing import Letter, MailFailed, MailRefused, send
from greetings.moderation.digest import Figures, figures_for, letter_for, send_due
from greetings.operations import postman
from greetings.settings import MailSecurity
from greetings.submissions.rules import State
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.letters import SENDER, Mailbox, certificate, mail_server

LETTER = Letter("ana@example.org", "Figures", "One.\n", "en", "<x@birthday.example>")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def with_mail(house: House, mailbox: Mailbox) -> House:
    house.settings = replace(house.settings, mail=mailbox.settings())
    return house


def add_member(house: House, name: str = "ana", language: str = "en", rhythm: Rhythm = Rhythm.DAILY) -> str:
    """A member who has asked for letters at eight."""
    with house.database.work() as session:
        facts = service.NewMember(name, f"{name}@example.org", "-", "JBSWY3DPEHPK3PXP", language)
        member = service.add_member(house, session, facts, Role.MODERATOR)
        digests.ask_for(house, session, member.id, rhythm, 8)
        return member.id


def add_greetings(house: House, waiting: int = 2, decided: int = 1) -> None:
    with house.database.work() as session:
        action = make_action(session)
        for number in range(waiting):
            make_greeting(
                house, session, action, state=State.PENDING, name=f"Параска {number}", text="Таемныя словы"
            )
        house.clock.forward(hours=1)  # type: ignore[attr-defined]
        for _ in range(decided):
            make_greeting(house, session, action, state=State.APPROVED, name="Параска")


def at(clock: TestClock, hour: int, days_later: int = 0) -> None:
    clock.now = clock.now.replace(hour=hour, minute=0, second=30) + timedelta(days=days_later)


def test_a_letter_comes_at_its_time_and_once(
    house_on_each_database: House, mailbox: Mailbox, clock: TestClock
):
    house = with_mail(house_on_each_database, mailbox)
    add_member(house)
    add_greetings(house, waiting=2, decided=3)
    assert send_due(house) == 0, "not before its time"
    at(clock, 8, days_later=1)
    assert send_due(house) == 1
    assert send_due(house) == 0
    (letter,) = mailbox.letters
    assert mailbox.envelopes == [(SENDER, ["ana@example.org"])]
    assert letter["To"] == "ana@example.org"
    assert letter["Subject"] == "2 greetings are waiting"
    words = letter.get_content()
    assert "The oldest has been waiting for 18 hours." in words
    assert "Decided in the meantime: 3." in words
    assert f"{house.settings.url}/desk/queue" in words
    clock.forward(days=1)
    assert send_due(house) == 1, "and the next day again"
    assert "Decided in the meantime: 0." in mailbox.letters[1].get_content()


def test_it_holds_numbers_only(house: House, mailbox: Mailbox, clock: TestClock):
    with_mail(house, mailbox)
    add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    send_due(house)
    raw = mailbox.letters[0].as_bytes().decode() + mailbox.letters[0].get_content()
    for secret in ("Параска", "Таемныя", "ales", "Вільня"):
        assert secret not in raw
    assert mailbox.letters[0].get_content_type() == "text/plain"
    assert not list(mailbox.letters[0].iter_attachments())


@pytest.mark.parametrize(
    ("language", "subject", "age"),
    [
        ("be", "Чакаюць 2 віншаванні", "18 гадзін"),
        ("ru", "Ждут 2 поздравления", "18 часов"),
        ("en", "2 greetings are waiting", "18 hours"),
    ],
)
def test_it_speaks_its_readers_language(
    house: House, mailbox: Mailbox, clock: TestClock, language: str, subject: str, age: str
):
    with_mail(house, mailbox)
    add_member(house, language=language)
    add_greetings(house)
    at(clock, 8, days_later=1)
    send_due(house)
    letter = mailbox.letters[0]
    assert letter["Subject"].replace("\xa0", " ") == subject
    assert age in letter.get_content().replace("\xa0", " ")
    assert letter["Content-Language"] == language


def test_nothing_waits_no_letter(house: House, mailbox: Mailbox, clock: TestClock):
    with_mail(house, mailbox)
    member = add_member(house)
    add_greetings(house, waiting=0, decided=4)
    at(clock, 8, days_later=1)
    assert send_due(house) == 0
    assert not mailbox.letters
    with house.database.work() as session:
        assert session.get_one(Digest, member).next_at > clock.now
        make_greeting(house, session, make_action(session, "second"), state=State.PENDING)
    clock.forward(days=1)
    send_due(house)
    assert "Decided in the meantime: 4." in mailbox.letters[0].get_content(), (
        "since the last letter that came"
    )


def test_several_processes_send_each_letter_once(
    house_on_each_database: House, mailbox: Mailbox, clock: TestClock
):
    house = with_mail(house_on_each_database, mailbox)
    for name in ("ana", "olga", "vera", "zoja"):
        add_member(house, name)
    add_greetings(house)
    at(clock, 8, days_later=1)
    houses = [open_house(house.settings, clock) for _ in range(3)]
    barrier = threading.Barrier(len(houses))

    def work(own: House) -> None:
        barrier.wait()
        send_due(own)

    threads = [threading.Thread(target=work, args=(own,)) for own in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for own in houses:
        own.close()
    assert sorted(letter["To"] for letter in mailbox.letters) == [
        f"{name}@example.org" for name in ("ana", "olga", "vera", "zoja")
    ]


def test_a_server_that_fails_is_tried_again_later_with_the_same_letter_and_given_up_at_last(
    house: House, mailbox: Mailbox, clock: TestClock, capfd: pytest.CaptureFixture[str]
):
    with_mail(house, mailbox)
    add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    mailbox.answers = ["451 ana@example.org later"]
    assert send_due(house) == 0
    assert send_due(house) == 0, "the lease holds for a while"
    clock.now += digests.LEASE
    assert send_due(house) == 1
    mailbox.answers = ["451 later"] * 2
    at(clock, 8, days_later=1)
    for _ in range(2):
        assert send_due(house) == 0
        clock.now += digests.LEASE
    clock.now += digests.GIVEN_UP_AFTER
    assert send_due(house) == 0, "too late: the next one says it better"
    at(clock, 8, days_later=1)
    assert send_due(house) == 1
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 2
    said = capfd.readouterr()
    assert "could not be sent yet" in said.out + said.err
    assert "ana@" not in said.out + said.err, "no address in the log"


def test_who_died_while_sending_is_followed_by_another_with_the_same_message_id(
    house: House, mailbox: Mailbox, clock: TestClock
):
    with_mail(house, mailbox)
    add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    with house.database.work() as session:
        due = digests.take_due(house, session)
    assert due is not None
    with house.database.reading() as session:
        first = letter_for(house, due, figures_for(session, clock.now, due.since_at))
    assert send_due(house) == 0
    clock.now += digests.LEASE
    assert send_due(house) == 1
    assert mailbox.letters[0]["Message-ID"] == first.message_id


@pytest.mark.parametrize(
    ("language", "subject", "decided"),
    [
        ("be", "Чакаюць 1\u00a0284 віншаванні", "За гэты час вырашана: 2\u00a0021."),
        ("en", "1,284 greetings are waiting", "Decided in the meantime: 2,021."),
        ("ru", "Ждут 1\u00a0284 поздравления", "За это время решено: 2\u00a0021."),
    ],
)
def test_a_letter_says_thousands_as_its_language_does(
    house: House, clock: TestClock, language: str, subject: str, decided: str
):
    due = digests.Due(add_member(house), "ana@example.org", language, clock(), clock(), clock())
    letter = letter_for(house, due, Figures(1284, timedelta(), 2021))
    assert letter.subject == subject
    assert decided in letter.text.splitlines()


def test_an_address_that_is_refused_for_good_waits_for_its_next_time(
    house: House, mailbox: Mailbox, clock: TestClock
):
    with_mail(house, mailbox)
    member = add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    mailbox.at_recipient = "550 no such person"
    assert send_due(house) == 0
    with house.database.reading() as session:
        assert session.get_one(Digest, member).next_at > clock.now


def test_who_left_or_changed_their_mind_hears_nothing(house: House, mailbox: Mailbox, clock: TestClock):
    with_mail(house, mailbox)
    gone, quiet, other = add_member(house, "gone"), add_member(house, "quiet"), add_member(house, "other")
    add_greetings(house)
    with house.database.work() as session:
        session.get_one(Moderator, other).role = Role.ORGANISER
        session.flush()
        service.deactivate(house, session, gone, other)
        digests.ask_for(house, session, quiet, None, 8)
        digests.ask_for(house, session, other, Rhythm.SUNDAY, 8)
        assert session.scalars(select(Digest.moderator_id)).all() == [other]
    at(clock, 8, days_later=1)  # a Saturday
    assert send_due(house) == 0
    clock.forward(days=1)
    assert send_due(house) == 1


def test_every_letter_can_be_switched_off_from_where_it_is_read(
    house: House, mailbox: Mailbox, clock: TestClock
):
    with_mail(house, mailbox)
    member = add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    send_due(house)
    letter = mailbox.letters[0]
    found = re.fullmatch(r"<(\S+)>", letter["List-Unsubscribe"])
    assert found
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] in letter.get_content()
    assert member not in found[1], "the link tells nothing of whose it is"


# ---------- over the wire


def test_without_encryption_nothing_leaves(mailbox: Mailbox):
    with pytest.raises(MailFailed) as failed:
        send(mailbox.settings(MailSecurity.STARTTLS), LETTER, "birthday.example")
    assert failed.value.kind == "SMTPNotSupportedError"
    assert not mailbox.letters


def test_a_server_must_show_that_it_is_itself_and_hears_the_password_only_then(tmp_path: Path):
    server_side, client_side = certificate(tmp_path)
    with mail_server(server_side, login=("desk", "seven small lanterns")) as box:
        mail = box.settings(MailSecurity.STARTTLS, user="desk", password="seven small lanterns")
        with pytest.raises(MailFailed) as failed:
            send(mail, LETTER, "birthday.example")
        assert failed.value.kind == "SSLCertVerificationError"
        send(mail, LETTER, "birthday.example", client_side)
        with pytest.raises(MailFailed) as failed:
            send(replace(mail, password="wrong"), LETTER, "birthday.example", client_side)
        assert failed.value.kind == "SMTPAuthenticationError"
        assert box.was_in_clear == [False]


def test_an_address_in_any_letters_is_written_to_and_a_broken_one_refused(mailbox: Mailbox):
    send(mailbox.settings(), replace(LETTER, to="ганна@прыклад.бел"), "birthday.example")
    assert mailbox.envelopes[0][1] == ["ганна@xn--80aiqesg1f.xn--90ais"]
    for broken in ("ana", "a b@example.org", "ana@a..b", "ana\r\nBcc: x@example.org", "[@example.org"):
        with pytest.raises(MailRefused):
            send(mailbox.settings(), replace(LETTER, to=broken), "birthday.example")
    assert len(mailbox.letters) == 1


def test_a_server_that_is_not_there_is_a_failure_with_a_kind(mailbox: Mailbox):
    with pytest.raises(MailFailed) as failed:
        send(replace(mailbox.settings(), port=1), LETTER, "birthday.example")
    assert failed.value.kind == "ConnectionRefusedError"


# ---------- when


@given(
    st.datetimes(
        timezones=st.just(UTC),
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the zone stands beside it
    ),
    st.integers(0, 23),
    st.sampled_from(Rhythm),
)
def test_the_next_time_is_ahead_on_the_right_day_and_no_further_than_a_round(
    moment: datetime, hour: int, rhythm: Rhythm
):
    due = next_digest(rhythm, hour, moment)
    days = 1 if rhythm is Rhythm.DAILY else 7
    assert timedelta() < due - moment <= timedelta(days=days)
    assert (due.hour, due.minute, due.second) == (hour, 0, 0)
    assert rhythm is Rhythm.DAILY or WEEKDAYS[due.weekday()] is rhythm
    assert next_digest(rhythm, hour, due) == due + timedelta(days=days)


def test_the_postman_sends_by_himself_and_stays_at_home_without_a_mail_server(
    house: House, mailbox: Mailbox, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(postman, "LOOK_SECONDS", 0.05)
    idle = postman.Postman(house)
    idle.start()
    idle.stop()
    with_mail(house, mailbox)
    add_member(house)
    add_greetings(house)
    at(clock, 8, days_later=1)
    worker = postman.Postman(house)
    worker.start()
    until = time.monotonic() + 60
    while not mailbox.letters and time.monotonic() < until:
        time.sleep(0.05)
    worker.stop()
    assert len(mailbox.letters) == 1
