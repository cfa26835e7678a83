"""Where a page of the wall ends, as it stands in an address: for us a place, for everybody else nothing.

The place of a greeting is a count of all that ever came onto a wall. Whoever could read it would learn by its
gaps how many were taken off again. So it is sealed with a key of its own, the same way each time: the same
address in every process, after a restart and after a restore.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from greetings.keys import Keys

EXTENSION = "gallery.cursors"
PLACE_BYTES = 8  # with the seal's 16 these are 32 letters, without any to spare: there is one spelling only
_CURSOR = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class Cursors:
    """The cursors of one installation. Those of one action say nothing in another."""

    def __init__(self, keys: Keys) -> None:
        self._seal = AESSIV(keys.derive("wall-cursor"))

    def write(self, action_id: int, place: int) -> str:
        """The cursor of a place."""
        sealed = self._seal.encrypt(place.to_bytes(PLACE_BYTES, "big"), _around(action_id))
        return urlsafe_b64encode(sealed).decode("ascii")

    def read(self, action_id: int, untrusted_cursor: str) -> int | None:
        """The place that a cursor names; None for anything that we didn't write for this action."""
        if not _CURSOR.fullmatch(untrusted_cursor):
            return None
        try:
            place = self._seal.decrypt(urlsafe_b64decode(untrusted_cursor), _around(action_id))
        except InvalidTag:
            return None
        return int.from_bytes(place, "big")


def _around(action_id: int) -> list[bytes]:
    return [action_id.to_bytes(PLACE_BYTES, "big")]
