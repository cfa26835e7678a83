"""The withdrawal code: made from the single-use submission key, so that the same key gives the same code.

80 bits in 16 letters that can't be mistaken for one another (Crockford's base 32), stored only as a digest.
"""

import base64

from greetings.keys import Keys

CODE_BYTES = 10
GROUP = 4
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_STANDARD, _CROCKFORD)
_READ_AS = str.maketrans(
    {
        "O": "0",
        "I": "1",
        "L": "1",
        "О": "0",
        "І": "1",
        "А": "A",
        "В": "B",
        "Е": "E",
        "К": "K",
        "М": "M",
        "Н": "H",
        "Р": "P",
        "С": "C",
        "Т": "T",
        "Х": "X",
    }
)


def code_for(keys: Keys, submission_key: str) -> str:
    """The code of a submission key, as people read it: `K7QF 92MX 4TRD 8WZA`."""
    digest = bytes.fromhex(keys.digest("withdrawal-code", submission_key))
    letters = base64.b32encode(digest[:CODE_BYTES]).decode("ascii").translate(_TO_CROCKFORD)
    return readable_code(letters)


def readable_code(untrusted_code: str) -> str:
    """A code as typed, set in groups of four as on the receipt."""
    letters = normal_code(untrusted_code)
    return " ".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def normal_code(untrusted_code: str) -> str:
    """A code as typed, brought to one form: case, spaces, dashes, O for 0 and Cyrillic twins don't matter."""
    letters = untrusted_code.upper().translate(_READ_AS)
    return "".join(letter for letter in letters if letter in _CROCKFORD)[: 2 * GROUP * GROUP]


def code_digest(keys: Keys, untrusted_code: str) -> str:
    """What is stored and looked up: a keyed digest of the code."""
    return keys.digest("withdrawal-code-stored", normal_code(untrusted_code))
