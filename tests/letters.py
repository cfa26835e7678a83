"""A real mail server on the loopback that keeps what it is given, for as long as a test wants."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from greetings.settings import Mail, MailSecurity
from tests.servers import START_SECONDS, free_port

SENDER = "desk@birthday.example"


class Mailbox:
    """What arrived. `answers` is what the server says to each letter, one after the other, then 250."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: list[str] = []
        self.at_recipient = "250 OK"
        self.was_in_clear: list[bool] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.at_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.letters.append(found)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
            self.was_in_clear.append(session.ssl is None)
        return answer

    def settings(self, security: MailSecurity = MailSecurity.NONE, **more: str) -> Mail:
        return Mail(
            "localhost" if security is not MailSecurity.NONE else "127.0.0.1",
            self.port,
            security,
            SENDER,
            **more,
        )


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None) -> Iterator[Mailbox]:
    """A server on a free port of the loopback; with `tls` it speaks STARTTLS, with `login` it wants to be told."""
    mailbox = Mailbox()
    mailbox.port = free_port()

    def is_right(_server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        assert login is not None
        return AuthResult(success=(given.login.decode(), given.password.decode()) == login, handled=False)

    more: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if tls else {}
    if login:
        more |= {"authenticator": is_right, "auth_required": True}
    more["ready_timeout"] = START_SECONDS  # five, if nothing is said
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, enable_SMTPUTF8=True, **more)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side and a client's side of a certificate for localhost, made for this test."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
