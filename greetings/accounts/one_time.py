"""One-time passwords (TOTP) and the recovery codes that replace a lost device. Each is accepted once."""

import hmac
import io
import os
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from greetings.accounts.models import Moderator, RecoveryCode
from greetings.accounts.rules import RECOVERY_CODES
from greetings.ids import ALPHABET
from greetings.keys import Keys

STEP_SECONDS = 30
STEPS_AROUND = 1  # a clock may be half a minute wrong, either way
DIGITS = 6
NONCE_BYTES = 12
RECOVERY_LETTERS = 10  # 31 ** 10 is 49 bits, tried against a throttle
ISSUER = "Greetings"


class SealBroken(ValueError):
    """What was sealed is not ours, was altered, or belongs to somebody else."""


def seal(keys: Keys, secret: str, owner: str, purpose: str = "totp") -> bytes:
    """Encrypt a secret for the database; it can be opened again only for the same owner and purpose."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys.derive(purpose)).encrypt(nonce, secret.encode(), owner.encode())


def unseal(keys: Keys, sealed: bytes, owner: str, purpose: str = "totp") -> str:
    """The secret again, or `SealBroken`."""
    try:
        opened = AESGCM(keys.derive(purpose)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise SealBroken(purpose) from error
    return opened.decode()


def step_at(moment: datetime) -> int:
    """The number of the half minute that a code belongs to."""
    return int(moment.timestamp()) // STEP_SECONDS


def normal_digits(untrusted_code: str) -> str:
    """A code as typed, without the spaces that authenticators show in it."""
    return "".join(untrusted_code.split())


def matching_step(secret: str, untrusted_code: str, at: datetime, last_step: int = 0) -> int | None:
    """The time step whose code this is, if it is one around now and after the last one used."""
    code = normal_digits(untrusted_code)
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret), step_at(at)
    steps = [now + shift for shift in range(-STEPS_AROUND, STEPS_AROUND + 1)]
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return max((step for step in found if step > last_step), default=None)


def use_step(session: Session, moderator_id: str, step: int) -> bool:
    """Take a time step for this sign-in. Of two that come with the same code, one gets True."""
    taken = session.execute(
        update(Moderator)
        .where(Moderator.id == moderator_id, Moderator.totp_last_step < step)
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
        .returning(Moderator.id)
    )
    return taken.first() is not None


def authenticator_link(secret: str, email: str) -> str:
    """The `otpauth:` address that an authenticator understands, as a link or as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(text: str) -> str:
    """A QR code as an inline SVG of one path, black on white: attributes only, nothing the policy forbids."""
    held = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    look = {"border": 2, "dark": "#000", "light": "#fff", "svgclass": None, "lineclass": None}
    code.save(held, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, **look)
    return held.getvalue().decode("ascii")


def renew_recovery_codes(keys: Keys, session: Session, moderator_id: str) -> list[str]:
    """Fresh codes to be shown this once; those of before are worth nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.moderator_id == moderator_id))
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(moderator_id=moderator_id, code_digest=_digest(keys, moderator_id, code))
        for code in codes
    )
    session.flush()
    half = RECOVERY_LETTERS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def use_recovery_code(
    keys: Keys, session: Session, moderator_id: str, untrusted_code: str, at: datetime
) -> bool:
    """Take a recovery code for this sign-in; each works once, even for two at the same moment."""
    code = "".join(letter for letter in untrusted_code.casefold() if letter in ALPHABET)
    if len(code) != RECOVERY_LETTERS:
        return False
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.moderator_id == moderator_id,
            RecoveryCode.code_digest == _digest(keys, moderator_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .execution_options(synchronize_session=False)
        .returning(RecoveryCode.number)
    )
    return taken.first() is not None


def count_recovery_codes(session: Session, moderator_id: str) -> int:
    """How many codes are left."""
    unused = select(func.count()).where(
        RecoveryCode.moderator_id == moderator_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def _digest(keys: Keys, moderator_id: str, code: str) -> str:
    return keys.digest("recovery-code", f"{moderator_id}:{code}")
