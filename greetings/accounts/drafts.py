"""What somebody chose before their first code was right: sealed, in their own form, and not in the store.

A draft opens only for the link or the member that it was sealed for, and for an hour.
"""

import base64
import binascii
import hashlib
import hmac
import json

from greetings.accounts import one_time
from greetings.accounts.rules import ENROLMENT_LASTS
from greetings.house import House

PURPOSE = "enrolment"
SECRET_BYTES = 20


def secret_for(house: House, owner: str, form_key: str) -> str:
    """The authenticator's secret of one opened form, so that a page loaded again shows it again."""
    key = house.keys.derive("enrolment-secret")
    digest = hmac.digest(key, f"{owner}\n{form_key}".encode("utf-8", "replace"), hashlib.sha256)
    return base64.b32encode(digest[:SECRET_BYTES]).decode("ascii")


def seal_draft(house: House, owner: str, fields: list[str]) -> str:
    """What was chosen, as a hidden field carries it."""
    until = (house.clock() + ENROLMENT_LASTS).timestamp()
    sealed = one_time.seal(house.keys, json.dumps([until, *fields]), owner, PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def open_draft(house: House, owner: str, untrusted_draft: str) -> list[str] | None:
    """What was chosen; None when it is too old or wasn't sealed by us for this owner."""
    try:
        sealed = base64.urlsafe_b64decode(untrusted_draft.encode("ascii"))
        until, *fields = json.loads(one_time.unseal(house.keys, sealed, owner, PURPOSE))
    except (UnicodeEncodeError, binascii.Error, one_time.SealBroken):
        return None
    return None if house.clock().timestamp() > until else fields
