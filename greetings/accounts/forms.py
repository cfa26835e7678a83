"""Forms of the door and of one's own account. They say what is missing; they don't know what is right."""

from typing import Any

from flask_babel import gettext
from wtforms import Field, Form, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length, StopValidation

from greetings.accounts.passwords import PasswordProblem, find_problem
from greetings.accounts.rules import (
    MAX_EMAIL,
    MAX_NAME,
    MAX_PASSKEY_NAME,
    MAX_PASSWORD,
    MIN_PASSWORD,
    Rhythm,
    Role,
    normal_email,
)
from greetings.web.cleaning import clean
from greetings.web.forms import Offered, StatelessForm, TextForm, lazy_gettext

PROBLEMS = {
    PasswordProblem.TOO_SHORT: lazy_gettext(
        "A few more characters, please: at least %(least)s. A short sentence is easy to remember.",
        least=MIN_PASSWORD,
    ),
    PasswordProblem.TOO_LONG: lazy_gettext(
        "That is longer than we can take: at most %(most)s characters.", most=MAX_PASSWORD
    ),
    PasswordProblem.PATTERN: lazy_gettext(
        "A pattern like that is quickly guessed. Please choose something less regular."
    ),
    PasswordProblem.PERSONAL: lazy_gettext("Please leave your name and your address out of the password."),
    PasswordProblem.COMMON: lazy_gettext(
        "That is what anyone would guess first. Three or four words of your own are better."
    ),
}
ROLE_NAMES = {Role.MODERATOR: lazy_gettext("Moderator"), Role.ORGANISER: lazy_gettext("Organiser")}


NEVER = "never"
RHYTHM_NAMES = {
    NEVER: lazy_gettext("Never"),
    Rhythm.DAILY.value: lazy_gettext("Every day"),
    Rhythm.MONDAY.value: lazy_gettext("Every Monday"),
    Rhythm.TUESDAY.value: lazy_gettext("Every Tuesday"),
    Rhythm.WEDNESDAY.value: lazy_gettext("Every Wednesday"),
    Rhythm.THURSDAY.value: lazy_gettext("Every Thursday"),
    Rhythm.FRIDAY.value: lazy_gettext("Every Friday"),
    Rhythm.SATURDAY.value: lazy_gettext("Every Saturday"),
    Rhythm.SUNDAY.value: lazy_gettext("Every Sunday"),
}


def cleaned(text: str | None) -> str:
    """One tidy line of what was typed."""
    return clean(text or "")


class EmailShape:
    """Puts the address in its normal form, or says that it can't be one."""

    def __call__(self, _form: Form, field: Field) -> None:
        email = normal_email(field.data or "")
        if email is None:
            raise StopValidation(
                str(lazy_gettext("That doesn’t look like an e-mail address yet: name@example.org."))
            )
        field.data = email


class GoodPassword:
    """Refuses what is guessed quickly; the form's own name and address belong to that."""

    def __init__(self, email: str = "", name: str = "") -> None:
        self._email, self._name = email, name

    def __call__(self, form: Form, field: Field) -> None:
        email = form["email"].data if "email" in form else self._email
        name = form["name"].data if "name" in form else self._name
        problem = find_problem(field.data or "", email=email or "", name=name or "")
        if problem is not None:
            raise StopValidation(str(PROBLEMS[problem]))


class SignInForm(StatelessForm):
    """First stage: who, and the password."""

    email = StringField(
        lazy_gettext("E-mail address"), [DataRequired(lazy_gettext("Please type your e-mail address."))]
    )
    password = PasswordField(
        lazy_gettext("Password"), [DataRequired(lazy_gettext("Please type your password."))]
    )


class CodeForm(StatelessForm):
    """Second stage: the code of the authenticator, or a recovery code."""

    code = StringField(
        lazy_gettext("Code"),
        [DataRequired(lazy_gettext("Please type the six digits that your authenticator shows now."))],
    )


class EnrolForm(StatelessForm):
    """First stage of joining."""

    name = StringField(
        lazy_gettext("Your name"),
        [
            DataRequired(lazy_gettext("Please say what the others should call you.")),
            Length(
                max=MAX_NAME,
                message=lazy_gettext(
                    "That is longer than we can take: at most %(most)s characters.", most=MAX_NAME
                ),
            ),
        ],
        filters=[cleaned],
    )
    email = StringField(
        lazy_gettext("E-mail address"),
        [
            DataRequired(lazy_gettext("Please type an e-mail address.")),
            Length(max=2 * MAX_EMAIL),
            EmailShape(),
        ],
    )
    password = PasswordField(
        lazy_gettext("Password"), [DataRequired(lazy_gettext("Please choose a password.")), GoodPassword()]
    )


class ConfirmForm(CodeForm):
    """Second stage of joining. `draft` is the first one, sealed: until the code is right none is stored."""

    draft = HiddenField()


class PasskeySignInForm(StatelessForm):
    """What a passkey answered, as the page's script puts it here."""

    answer = HiddenField()


class ResetForm(StatelessForm):
    """First stage of coming back by an organiser's link: a new password."""

    password = PasswordField(
        lazy_gettext("New password"), [DataRequired(lazy_gettext("Please choose a password."))]
    )

    def __init__(self, email: str, name: str, **more: Any) -> None:
        super().__init__(**more)
        self.password.validators = [*self.password.validators, GoodPassword(email, name)]


class DeskForm(TextForm):
    """A form of a signed-in member: its token is checked at the door, for every form of the desk."""


class OwnPasswordForm(DeskForm):
    """What needs the present password, so that an open browser isn't enough."""

    current = PasswordField(
        lazy_gettext("Present password"), [DataRequired(lazy_gettext("Please type your present password."))]
    )


class PasswordForm(OwnPasswordForm):
    """A new password."""

    password = PasswordField(
        lazy_gettext("New password"), [DataRequired(lazy_gettext("Please choose a password."))]
    )

    def __init__(self, email: str, name: str, **more: Any) -> None:
        super().__init__(**more)
        self.password.validators = [*self.password.validators, GoodPassword(email, name)]


class RecoveryForm(OwnPasswordForm):
    """New recovery codes for old."""


class DeviceForm(OwnPasswordForm):
    """A new authenticator for the old one."""


class DeskCodeForm(DeskForm):
    """The first code of the new authenticator. `draft` is its secret, sealed."""

    code = StringField(
        lazy_gettext("Code"),
        [DataRequired(lazy_gettext("Please type the six digits that your authenticator shows now."))],
    )
    draft = HiddenField()


class AddPasskeyForm(OwnPasswordForm):
    """A passkey opens the desk by itself: whoever adds one shows both, or a passkey's `answer`."""

    code = StringField(
        lazy_gettext("Code"),
        [DataRequired(lazy_gettext("Please type the six digits that your authenticator shows now."))],
    )
    answer = HiddenField()


class PasskeyNameForm(DeskForm):
    """What a passkey is called; `answer` is the passkey itself while it is being made."""

    name = StringField(
        lazy_gettext("Name of the passkey"),
        [
            Length(
                max=MAX_PASSKEY_NAME,
                message=lazy_gettext(
                    "That is longer than we can take: at most %(most)s characters.", most=MAX_PASSKEY_NAME
                ),
            )
        ],
        filters=[cleaned],
    )
    answer = HiddenField()


class RemovePasskeyForm(OwnPasswordForm):
    """One passkey less."""


class DigestForm(DeskForm):
    """When somebody wants to hear how many greetings wait; `never` is off."""

    rhythm = SelectField(
        lazy_gettext("How often"),
        [Offered()],
        choices=[SelectChoice(value, words) for value, words in RHYTHM_NAMES.items()],
        default=NEVER,
        validate_choice=False,
    )
    hour = SelectField(
        lazy_gettext("Hour (UTC)"),
        [Offered()],
        choices=[SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)],
        default="7",
        validate_choice=False,
    )

    @property
    def chosen_rhythm(self) -> Rhythm | None:
        """The rhythm of a valid form; None for never."""
        return None if self.rhythm.data == NEVER else Rhythm(self.rhythm.data)


class InviteForm(DeskForm):
    """Whom an invitation is for."""

    role = RadioField(
        lazy_gettext("What they will do"),
        [Offered()],
        choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in (Role.MODERATOR, Role.ORGANISER)],
        default=Role.MODERATOR.value,
        validate_choice=False,
    )


def stale_sentence(form: StatelessForm) -> str | None:
    """What to say when the form's token was too old or not ours, which is nobody's mistake."""
    if form.is_token_right:
        return None
    return str(
        gettext(
            "This page was open for a long time. Please type the password or the code once more and go on."
        )
    )
