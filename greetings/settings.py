"""Settings come from `GREETINGS_...` environment variables, are read once and never change.

Every problem is reported at once, and no message prints the value of a secret or a database address
(which may hold a password).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from greetings.errors import SettingsInvalid

CHECKOUT = Path(__file__).resolve().parent.parent
PREFIX = "GREETINGS_"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
HIGHEST_PORT = 65535
DEFAULT_PORTS = {"http": 80, "https": 443}
AN_ADDRESS = "must be an address like https://birthday.example, without a path"
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}

T = TypeVar("T")


class MailSecurity(StrEnum):
    """How letters get to the mail server unread."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"  # to this very machine only


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server that takes letters to people of the team, and the address they come from."""

    host: str
    port: int
    security: MailSecurity
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How one installation runs; see docs/settings.md for each in words."""

    data: Path
    host: str
    port: int
    url: str
    database_url: str
    secret_file: Path
    trusted_proxies: int
    rate_limits: bool
    threads: int
    uploads: int
    decoders: int
    upload_budget_bytes: int
    page_cache_bytes: int
    log_format: str
    mail: Mail | None = None

    @property
    def files(self) -> Path:
        """The folder of all pictures and posters; `public/` in it may be served by a proxy."""
        return self.data / "files"

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")

    def is_own_origin(self, untrusted_origin: str) -> bool:
        """Whether a browser's `Origin` is this site; on the loopback its three names are one."""
        if untrusted_origin == self.url:
            return True
        own = urlsplit(self.url)
        try:
            other = urlsplit(untrusted_origin)
            other_port = other.port
        except ValueError:  # brackets that don't close, a port that is none
            return False
        return (
            own.hostname in LOOPBACK_NAMES
            and other.hostname in LOOPBACK_NAMES
            and (own.scheme, own.port, "") == (other.scheme, other_port, other.path)
        )


def _folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("must be a folder, and a file is there")
    return path


def _whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError("must be on or off")
    return text == "on"


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:  # brackets that don't close
        raise ValueError(AN_ADDRESS) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError(AN_ADDRESS)
    if parts.username or parts.query or parts.fragment:
        raise ValueError("must not hold a user name, a query or a fragment")
    return f"{parts.scheme}://{_as_browsers_say(parts)}"


def _as_browsers_say(parts: SplitResult) -> str:
    """Host and port as a browser's `Origin` has them: small letters, Latin ones, no port that goes without
    saying.
    """
    try:
        name = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (UnicodeError, ValueError) as error:
        raise ValueError("must hold a name and a port that exist") from error
    host = f"[{name}]" if ":" in name else name
    return host if port in {None, DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"


def _database(text: str) -> str:
    if text.startswith("postgresql://"):
        text = text.replace("postgresql://", "postgresql+psycopg://", 1)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    try:
        make_url(text)
    except (ArgumentError, ValueError):  # whose words would quote the address, password and all
        raise ValueError("must be an address as in postgresql://name@host:5432/greetings") from None
    return text


def _mail_address(text: str) -> str:
    name, _at, domain = text.rpartition("@")
    if not name or not domain or not text.isascii() or set(text) & set(' <>"(),;:\\\t') or "@" in name:
        raise ValueError("must be a plain address like desk@birthday.example")
    return text


class _Reader:
    """Takes variables one by one, collects what is wrong with them and what nobody asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        self._asked: set[str] = set()
        self.problems: list[str] = []

    def take(self, name: str, read: Callable[[str], T], default: T) -> T:
        self._asked.add(PREFIX + name)
        text = self._given.get(PREFIX + name, "").strip()
        if not text:
            return default
        try:
            return read(text)
        except ValueError as error:
            self.problems.append(f"{PREFIX}{name} {error}.")
            return default

    def is_given(self, *names: str) -> list[str]:
        """Those of these variables that are set, by their whole names."""
        whole = [PREFIX + name for name in names]
        return [name for name in whole if self._given.get(name, "").strip()]

    def finish(self) -> None:
        unknown = self._given.keys() - self._asked - {f"{PREFIX}TEST_CORPUS"}
        self.problems += [f"{name} is not a setting; see docs/settings.md." for name in sorted(unknown)]
        if self.problems:
            raise SettingsInvalid(self.problems)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings, or raise `SettingsInvalid` with every problem found."""
    reader = _Reader(environ)
    data = reader.take("DATA", _folder, CHECKOUT / "uploads")
    host = reader.take("HOST", str, "127.0.0.1")
    port = reader.take("PORT", _whole_number(1, HIGHEST_PORT), 8000)
    own_name = f"[{host}]" if ":" in host else host
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        own_name = "127.0.0.1"
    settings = Settings(
        data=data,
        host=host,
        port=port,
        url=reader.take("URL", _origin, f"http://{own_name}:{port}"),
        database_url=reader.take("DATABASE_URL", _database, f"sqlite:///{data / 'greetings.sqlite'}"),
        secret_file=reader.take(
            "SECRET_FILE", lambda text: Path(text).expanduser().resolve(), data / "secret"
        ),
        trusted_proxies=reader.take("TRUSTED_PROXIES", _whole_number(0, 9), 0),
        rate_limits=reader.take("RATE_LIMITS", _switch, True),
        threads=reader.take("THREADS", _whole_number(1, 256), 32),
        uploads=reader.take("UPLOADS", _whole_number(1, 1024), 224),
        decoders=reader.take("DECODERS", _whole_number(1, 64), 2),
        upload_budget_bytes=reader.take("UPLOAD_BUDGET_MB", _whole_number(60, 65536), 240) * 1_000_000,
        page_cache_bytes=reader.take("PAGE_CACHE_MB", _whole_number(0, 4096), 32) * 1_000_000,
        log_format=reader.take("LOG_FORMAT", _one_of("text", "json"), "text"),
        mail=_mail(reader),
    )
    reader.finish()
    return settings


def _mail(reader: _Reader) -> Mail | None:
    """The mail server, if one is named; what doesn't go together is a problem like any other."""
    host = reader.take("SMTP_HOST", str, "")
    security = MailSecurity(reader.take("SMTP_SECURITY", _one_of(*MailSecurity), "starttls"))
    port = reader.take("SMTP_PORT", _whole_number(1, HIGHEST_PORT), SMTP_PORTS[security])
    sender = reader.take("SMTP_FROM", _mail_address, "")
    user, password = reader.take("SMTP_USER", str, ""), reader.take("SMTP_PASSWORD", str, "")
    others = reader.is_given("SMTP_SECURITY", "SMTP_PORT", "SMTP_FROM", "SMTP_USER", "SMTP_PASSWORD")
    if not host:
        reader.problems += [f"{name} does nothing without GREETINGS_SMTP_HOST." for name in others]
        return None
    if f"{PREFIX}SMTP_FROM" not in others:
        reader.problems.append("GREETINGS_SMTP_FROM must be set when GREETINGS_SMTP_HOST is.")
    if bool(user) is not bool(password):
        reader.problems.append("GREETINGS_SMTP_USER and GREETINGS_SMTP_PASSWORD go together.")
    if security is MailSecurity.NONE and host not in LOOPBACK_NAMES:
        reader.problems.append(
            "GREETINGS_SMTP_SECURITY must not be none unless GREETINGS_SMTP_HOST is this very machine."
        )
    return Mail(host, port, security, sender, user, password)
