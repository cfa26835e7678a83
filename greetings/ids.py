"""Random names that tell nothing: no order, no time, nothing to guess."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: people read these aloud
ID_LENGTH = 20  # 31 ** 20 is 99 bits


def new_id(length: int = ID_LENGTH) -> str:
    """A random name of `length` letters and digits, safe in addresses and file names."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def is_id(untrusted: str) -> bool:
    """Whether a string could be one of ours, before anything is looked up with it."""
    return len(untrusted) == ID_LENGTH and all(letter in ALPHABET for letter in untrusted)
