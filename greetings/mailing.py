"""One letter to one address, over the mail server of the settings; for what people of the team asked for.

Nothing is sent in clear but to this very machine, and no address ever reaches a log: errors tell their kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greetings.settings import Mail, MailSecurity

if TYPE_CHECKING:  # what speaks with mail servers is loaded with the first letter
    import smtplib
    import ssl
    from email.headerregistry import Address
    from email.message import EmailMessage

PATIENCE_SECONDS = 20
REFUSED_FOR_GOOD = 500
FORBIDDEN = set('@<>"(),;:\\[]')  # in the name before the @: what would need quoting


class MailRefused(Exception):
    """It can't be sent to this address, now or later."""


class MailFailed(Exception):
    """It couldn't be sent this time; `kind` says what went wrong, without a word of what was to be sent."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain words for one person. `message_id` is the same each time the same letter is tried."""

    to: str
    subject: str
    text: str
    language: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


def send(mail: Mail, letter: Letter, host_name: str, tls: "ssl.SSLContext | None" = None) -> None:
    """Hand a letter to the mail server, or raise `MailRefused` or `MailFailed`. `host_name` is how we call
    ourselves there; the machine's own name is nobody's business.
    """
    import smtplib
    import ssl

    message = _message(mail, letter)
    try:
        with _open(mail, host_name, tls or ssl.create_default_context()) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message, mail.sender, [str(message["To"].addresses[0].addr_spec)])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        if codes and min(codes) >= REFUSED_FOR_GOOD:
            raise MailRefused from error
        raise MailFailed(type(error).__name__) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise MailFailed(type(error).__name__) from error


def _open(mail: Mail, host_name: str, tls: "ssl.SSLContext") -> "smtplib.SMTP":
    import smtplib

    place = (mail.host, mail.port, host_name)
    if mail.security is MailSecurity.TLS:
        return smtplib.SMTP_SSL(*place, timeout=PATIENCE_SECONDS, context=tls)
    server = smtplib.SMTP(*place, timeout=PATIENCE_SECONDS)
    if mail.security is MailSecurity.STARTTLS:
        try:
            server.starttls(context=tls)
        except BaseException:
            server.close()
            raise
    return server


def _message(mail: Mail, letter: Letter) -> "EmailMessage":
    from email.message import EmailMessage
    from email.policy import SMTP, SMTPUTF8

    to = _address(letter.to)
    message = EmailMessage(policy=SMTP if to.addr_spec.isascii() else SMTPUTF8)
    message["From"] = _address(mail.sender)
    message["To"] = to
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    message["Content-Language"] = letter.language  # once the words are in: they clear such headers
    return message


def _address(text: str) -> "Address":
    """An address as mail servers take it: its domain in Latin letters."""
    from email.headerregistry import Address

    name, _at, domain = text.rpartition("@")
    if not name or set(name) & FORBIDDEN or any(letter.isspace() for letter in name):
        raise MailRefused
    try:
        return Address(username=name, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, IndexError) as error:
        raise MailRefused from error
