"""Forms that are safe from other sites without a cookie.

Each form carries a signed token: what it is for, a random key, and when it was made. The origin check refuses
what other sites send; the token adds that the form was ours, is used for its own purpose, is not older than
a day, and was filled in by someone who took their time. Nobody is recognised by it.
"""

import hashlib
import secrets
from typing import Any, ClassVar, cast

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as lazily
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeSerializer
from wtforms import Field, ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

from greetings.web.context import house
from greetings.web.origin import SAFE_METHODS

MAX_AGE_SECONDS = 24 * 60 * 60
KEY_BYTES = 16
_LONGEST_TOKEN = 300


def lazy_gettext(sentence: str, **values: object) -> str:
    """A sentence that is put into the page's language when it is shown; WTForms takes it for a string."""
    return cast(str, lazily(sentence, **values))


_STALE = lazy_gettext("This page was open for a long time. Nothing is lost: please press the button again.")


class SignedToken(CSRF):
    """Issues and checks the token of one form.

    A token that is right comes back unchanged, so that a form shown again keeps its key; any other is
    replaced by a fresh one.
    """

    def __init__(self) -> None:
        self.purpose = ""
        self.key = ""
        self.issued_at_seconds = 0
        self.signed_key: str | None = None
        self.is_right = False

    def setup_form(self, form: BaseForm) -> list[tuple[str, Any]]:
        self.purpose = cast(StatelessForm, form).token_purpose()
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        """The token to render: the one that was sent, if it is right, or a fresh one."""
        untrusted_token = next(iter(csrf_token_field.raw_data or ()), None)
        if isinstance(untrusted_token, str) and self._read(untrusted_token):
            return untrusted_token
        self.key, self.issued_at_seconds = secrets.token_hex(KEY_BYTES), _now_seconds()
        return str(self._serializer().dumps([self.key, self.issued_at_seconds]))

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:  # noqa: ARG002 - as WTForms calls it
        """Refuse a token that is missing, changed, of another form, or older than a day."""
        if not self.is_right:
            raise ValidationError(str(_STALE))

    def age_seconds(self) -> int:
        return max(0, _now_seconds() - self.issued_at_seconds)

    def _read(self, untrusted_token: str) -> bool:
        if len(untrusted_token) > _LONGEST_TOKEN:
            return False
        try:
            key, issued_at_seconds = self._serializer().loads(untrusted_token)
        except BadData:
            return False
        self.signed_key = key
        self.is_right = 0 <= _now_seconds() - issued_at_seconds <= MAX_AGE_SECONDS
        if self.is_right:
            self.key, self.issued_at_seconds = key, issued_at_seconds
        return self.is_right

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            house().keys.derive("form-token"),
            salt=self.purpose,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


class Offered:
    """Every value sent is one that our page offers."""

    def __call__(self, _form: BaseForm, field: Field) -> None:
        sent = field.data if isinstance(field.data, list) else [field.data]
        offered = {choice.value for choice in field.choices}  # type: ignore[attr-defined]  # a field of choices
        if not offered.issuperset(sent):
            raise ValidationError(gettext("Please choose from the list."))


class TextForm(FlaskForm):
    """A form of text fields without a token. A file sent under a field's name is no value of that field."""

    class Meta(FlaskForm.Meta):
        csrf = False

    def __init__(self, **more: Any) -> None:
        if "formdata" not in more:
            more["formdata"] = request.form if request.method not in SAFE_METHODS else None
        super().__init__(**more)  # type: ignore[no-untyped-call]


class StatelessForm(TextForm):
    """A form with a signed token and no cookie. The token's field is called `csrf_token` unless `Meta` says
    otherwise; its purpose is the form's own unless `purpose` says otherwise.
    """

    purpose: ClassVar[str] = ""
    _csrf: SignedToken

    class Meta(TextForm.Meta):
        csrf = True
        csrf_class = SignedToken  # type: ignore[assignment]  # Flask-WTF narrows it to its own
        csrf_field_name = "csrf_token"

    @classmethod
    def token_purpose(cls) -> str:
        """What a token of this form is good for, and nothing else."""
        return cls.purpose or cls.__name__

    @property
    def token_key(self) -> str:
        """The random key of the token this form is rendered with, and came with if its token was right."""
        return self._csrf.key

    @property
    def signed_key(self) -> str | None:
        """The key this form came with if we signed it, however long ago; None without one."""
        return self._csrf.signed_key

    @property
    def is_token_right(self) -> bool:
        """Whether the form came with a token of ours, for this form, not older than a day."""
        return self._csrf.is_right

    @property
    def token_age_seconds(self) -> int:
        """How long ago the token was made; 0 for a fresh one."""
        return self._csrf.age_seconds()


def _now_seconds() -> int:
    return int(house().clock().timestamp())
