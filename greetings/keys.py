"""The one secret of an installation, and the keys made from it: one for each purpose."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from greetings.disk import make_folder, new_private_file, sync_folder
from greetings.errors import GreetingsError

SECRET_BYTES = 32


class SecretUnusable(GreetingsError):
    """The file of the secret holds something else; nothing is made anew in its place."""


class Keys:
    """Derives a 32-byte key for each purpose, so that no two uses ever share one."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"The secret must have at least {SECRET_BYTES} bytes.")
        self._secret = secret

    def __repr__(self) -> str:
        return "Keys(...)"

    def derive(self, purpose: str) -> bytes:
        """The key for one purpose, 32 bytes."""
        return hmac.digest(self._secret, purpose.encode(), hashlib.sha256)

    def digest(self, purpose: str, value: str | bytes) -> str:
        """A keyed SHA-256 of `value` as hex: comparable, but not reversible without the secret."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self.derive(purpose), data, hashlib.sha256).hex()


def load_or_make_keys(secret_file: Path) -> Keys:
    """Read the secret, or make it on the first start, readable by its owner only.

    Two processes starting at once agree: the file is linked into place whole, and only one link succeeds.
    """
    if not secret_file.exists():
        make_folder(secret_file.parent)
        fresh = secret_file.with_name(f".{secret_file.name}.{secrets.token_hex(8)}")
        with new_private_file(fresh) as handle:
            handle.write(secrets.token_hex(SECRET_BYTES).encode("ascii"))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(fresh, secret_file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        sync_folder(secret_file.parent)
    try:
        return parsed_secret(secret_file.read_bytes())
    except SecretUnusable as error:
        raise SecretUnusable(f"{secret_file} does not hold a secret that this program made.") from error


def parsed_secret(untrusted: bytes) -> Keys:
    """The keys of what a file of a secret holds."""
    try:
        return Keys(bytes.fromhex(untrusted.decode("ascii").strip()))
    except ValueError as error:
        raise SecretUnusable("That is no secret that this program made.") from error
