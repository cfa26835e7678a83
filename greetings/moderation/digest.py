"""The letter with figures for those of the team who asked: how many wait, since when, how many were decided.

Numbers and the desk's address, never a name, a word or a picture of a greeting. Nothing waits, no letter. It
is sent by whichever process takes the lease of its row; one that was tried again after a crash carries the
same Message-ID, by which mailboxes know it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import structlog
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from greetings.accounts import digests
from greetings.accounts.digests import Due
from greetings.house import House
from greetings.mailing import Letter, MailFailed, MailRefused, send
from greetings.moderation.queries import waiting
from greetings.settings import CHECKOUT, Mail
from greetings.submissions.models import Greeting

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a letter knows."""

    waiting: int
    oldest_for: timedelta
    decided: int


def send_due(house: House) -> int:
    """Send every digest whose time has come, one after the other; how many letters went out."""
    mail, sent = house.settings.mail, 0
    if mail is None:
        return 0
    while (due := _take(house)) is not None:
        sent += _attend(house, mail, due)
    return sent


def figures_for(session: Session, now: datetime, since: datetime) -> Figures:
    """The figures of a moment, and how many were decided since another."""
    held = waiting(session)
    decided = session.scalar(select(func.count()).where(Greeting.decided_at > since))
    oldest_for = now - held.oldest_at if held.oldest_at is not None else timedelta()
    return Figures(held.count, max(oldest_for, timedelta()), decided or 0)


def letter_for(house: House, due: Due, figures: Figures) -> Letter:
    """The letter in its reader's language."""
    stop_url = digests.stop_link(house, due.moderator_id)
    said = _catalogue(due.language)
    lines = [
        _waiting_line(due.language, figures.waiting),
        _oldest_line(due.language, figures.oldest_for),
        said.gettext("Decided in the meantime: %(num)s.") % {"num": _figure(due.language, figures.decided)},
        "",
        f"{house.settings.url}/desk/queue",
        "",
        "-- ",
        said.gettext("You asked for this letter in your account. When nothing waits, no letter comes."),
        said.gettext("To switch it off:"),
        stop_url,
    ]
    return Letter(
        to=due.email,
        subject=_waiting_line(due.language, figures.waiting).rstrip("."),
        text="\n".join(lines) + "\n",
        language=due.language,
        message_id=_message_id(house, due),
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _take(house: House) -> Due | None:
    with house.database.reading() as session:
        if not digests.has_due(house, session):
            return None
    with house.database.work() as session:
        return digests.take_due(house, session)


def _attend(house: House, mail: Mail, due: Due) -> bool:
    """Send one, unless there is nothing to say; whether a letter went out. A try that failed keeps its lease,
    and is repeated when that has run out.
    """
    was_sent = False
    if not digests.is_stale(house, due):
        with house.database.reading() as session:
            figures = figures_for(session, house.clock(), due.since_at)
        if figures.waiting:
            try:
                send(mail, letter_for(house, due, figures), _host_name(house))
                was_sent = True
            except MailRefused:
                log.warning("a digest is refused for good")
            except MailFailed as error:
                log.warning("a digest could not be sent yet", kind=error.kind)
                return False
    with house.database.work() as session:
        digests.settle(session, due, house.clock(), was_sent=was_sent)
    return was_sent


# ---------- words


def _waiting_line(language: str, count: int) -> str:
    line = _catalogue(language).ngettext(
        "%(num)s greeting is waiting.", "%(num)s greetings are waiting.", count
    )
    return line % {"num": _figure(language, count)}


def _figure(language: str, count: int) -> str:
    return format_decimal(count, locale=language)


def _oldest_line(language: str, age: timedelta) -> str:
    """To the hour, as times of senders are kept; to the day once it is more than one."""
    said, days, hours = _catalogue(language), age // A_DAY, age // AN_HOUR
    if days:
        line = said.ngettext(
            "The oldest has been waiting for %(num)s day.",
            "The oldest has been waiting for %(num)s days.",
            days,
        )
        return line % {"num": days}
    if not hours:
        return said.gettext("The oldest came less than an hour ago.")
    line = said.ngettext(
        "The oldest has been waiting for %(num)s hour.",
        "The oldest has been waiting for %(num)s hours.",
        hours,
    )
    return line % {"num": hours}


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(CHECKOUT / "greetings" / "translations", [language])


def _message_id(house: House, due: Due) -> str:
    digest = house.keys.digest("digest-letter", f"{due.moderator_id}\n{due.due_at.timestamp():.0f}")
    return f"<{digest[:32]}@{_host_name(house)}>"


def _host_name(house: House) -> str:
    """How the site calls itself; a bare number stands in brackets among mail servers."""
    name = urlsplit(house.settings.url).hostname or "localhost"
    if ":" in name:
        return f"[IPv6:{name}]"
    return f"[{name}]" if name.replace(".", "").isdigit() else name
