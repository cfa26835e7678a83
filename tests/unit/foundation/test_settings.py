"""Settings are read once, and everything wrong with them is said at once."""

import pytest

from greetings.errors import SettingsInvalid
from greetings.settings import CHECKOUT, load_settings


def test_without_any_variable_it_runs_on_the_loopback_from_the_checkout():
    settings = load_settings({})
    assert settings.url == "http://127.0.0.1:8000"
    assert settings.data == CHECKOUT / "uploads"
    assert settings.database_url == f"sqlite:///{CHECKOUT / 'uploads' / 'greetings.sqlite'}"
    assert settings.rate_limits
    assert not settings.is_https


def test_every_problem_is_reported_at_once_without_the_values():
    environ = {
        "GREETINGS_PORT": "70000",
        "GREETINGS_URL": "ftp://user:hunter2@birthday.example",
        "GREETINGS_DATABASE_URL": "mysql://root:hunter2@localhost/x",
        "GREETINGS_RATE_LIMITS": "perhaps",
        "GREETINGS_PROT": "8000",
    }
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(environ)
    told = "\n".join(caught.value.problems)
    assert all(name in told for name in environ)
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GREETINGS_DATABASE_URL", "postgresql://root:hunter2@localhost:five/x"),
        ("GREETINGS_DATABASE_URL", "postgresql+psycopg://root:hunter2@[::1/x"),
        ("GREETINGS_URL", "http://[::1"),
        ("GREETINGS_URL", "http://hunter2.example:port"),
    ],
)
def test_an_address_that_is_none_is_a_sentence_without_the_value(name: str, value: str):
    with pytest.raises(SettingsInvalid) as caught:
        load_settings({name: value})
    (told,) = caught.value.problems
    assert told.startswith(f"{name} must ")
    assert "hunter2" not in told


def test_variables_of_others_are_left_alone():
    assert load_settings({"PORT": "1", "HOME": "/"}).port == 8000


@pytest.mark.parametrize(
    ("url", "origin", "is_own"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000", True),
        ("http://127.0.0.1:8000", "http://[::1]:8000", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001", False),
        ("http://127.0.0.1:8000", "http://localhost.evil.example:8000", False),
        ("https://birthday.example", "https://birthday.example", True),
        ("https://birthday.example", "http://birthday.example", False),
        ("https://birthday.example", "https://localhost", False),
        ("https://birthday.example", "null", False),
        ("http://127.0.0.1:8000", "http://[", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000.evil", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:99999", False),
    ],
)
def test_only_this_site_is_its_own_origin(url: str, origin: str, is_own: bool):
    assert load_settings({"GREETINGS_URL": url}).is_own_origin(origin) is is_own


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://Birthday.Example/", "https://birthday.example"),
        ("https://birthday.example:443", "https://birthday.example"),
        ("http://birthday.example:443", "http://birthday.example:443"),
        ("https://прыклад.бел", "https://xn--80aiqesg1f.xn--90ais"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_is_kept_as_browsers_say_it(url: str, kept: str):
    assert load_settings({"GREETINGS_URL": url}).url == kept


@pytest.mark.parametrize(
    "url", ["https://birthday.example:port", "https://birthday.example:70000", "https://a..b"]
)
def test_an_address_that_cannot_be_one_is_told(url: str):
    with pytest.raises(SettingsInvalid, match="GREETINGS_URL"):
        load_settings({"GREETINGS_URL": url})


SERVER = {"GREETINGS_SMTP_HOST": "mail.example", "GREETINGS_SMTP_FROM": "desk@birthday.example"}


def test_without_a_mail_server_there_is_none_and_with_one_it_is_encrypted():
    assert load_settings({}).mail is None
    mail = load_settings(SERVER).mail
    assert mail is not None
    assert (mail.security.value, mail.port) == ("starttls", 587)
    mail = load_settings({**SERVER, "GREETINGS_SMTP_SECURITY": "tls"}).mail
    assert mail is not None
    assert mail.port == 465
    here = {**SERVER, "GREETINGS_SMTP_HOST": "localhost", "GREETINGS_SMTP_SECURITY": "none"}
    assert load_settings(here).mail is not None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"GREETINGS_SMTP_FROM": ""}, "SMTP_FROM must be set"),
        ({"GREETINGS_SMTP_FROM": "Desk <desk@birthday.example>"}, "plain address"),
        ({"GREETINGS_SMTP_FROM": "desk@birthday.example\r\nBcc: x"}, "plain address"),
        ({"GREETINGS_SMTP_SECURITY": "none"}, "must not be none"),
        ({"GREETINGS_SMTP_SECURITY": "perhaps"}, "SMTP_SECURITY must be one of"),
        ({"GREETINGS_SMTP_PORT": "0"}, "SMTP_PORT"),
        ({"GREETINGS_SMTP_USER": "desk"}, "go together"),
        ({"GREETINGS_SMTP_HOST": "", "GREETINGS_SMTP_PASSWORD": "hunter2"}, "does nothing without"),
    ],
)
def test_what_does_not_go_together_about_mail_is_told(changes: dict[str, str], told: str):
    with pytest.raises(SettingsInvalid) as caught:
        load_settings({**SERVER, **changes})
    assert told in "\n".join(caught.value.problems)
    assert "hunter2" not in "\n".join(caught.value.problems)


def test_the_password_of_the_mail_server_is_never_printed():
    mail = {"GREETINGS_SMTP_USER": "desk", "GREETINGS_SMTP_PASSWORD": "hunter2"}
    assert "hunter2" not in repr(load_settings({**SERVER, **mail}))
