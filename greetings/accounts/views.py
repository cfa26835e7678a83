"""All doors of this room: importing it puts every view on the blueprint."""

from greetings.accounts import (
    account_views,
    authenticator_views,
    digest_views,
    enrol_views,
    passkey_views,
    people_views,
    reset_views,
    sign_in_views,
)
from greetings.accounts.door import blueprint, load_member

__all__ = [
    "account_views",
    "authenticator_views",
    "blueprint",
    "digest_views",
    "enrol_views",
    "load_member",
    "passkey_views",
    "people_views",
    "reset_views",
    "sign_in_views",
]
