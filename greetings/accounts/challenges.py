"""What a passkey is asked to sign: random, of short life, good for one purpose of one owner, answered once.

A challenge carries its own proof (when it ends, and a keyed digest), so that asking stores nothing: whoever
opens the sign-in page a million times fills no table. Only an answer that was right leaves a row.
"""

import hashlib
import hmac
import secrets
import struct
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from greetings.accounts.models import SpentChallenge
from greetings.accounts.rules import CHALLENGE_LASTS
from greetings.house import House

NONCE_BYTES = 16
UNTIL = struct.Struct(">Q")
PROOF_BYTES = hashlib.sha256().digest_size
LENGTH = NONCE_BYTES + UNTIL.size + PROOF_BYTES
PURPOSE = "passkey-challenge"


def new_challenge(house: House, purpose: str, owner: str = "") -> bytes:
    """A fresh challenge. `owner` is the session that may answer it; signing in has none yet."""
    until = int((house.clock() + CHALLENGE_LASTS).timestamp())
    said = secrets.token_bytes(NONCE_BYTES) + UNTIL.pack(until)
    return said + _proof(house, said, purpose, owner)


def is_open(house: House, untrusted_challenge: bytes, purpose: str, owner: str = "") -> bool:
    """Whether we asked this, for this purpose and owner, and not too long ago."""
    if len(untrusted_challenge) != LENGTH:
        return False
    said, proof = untrusted_challenge[:-PROOF_BYTES], untrusted_challenge[-PROOF_BYTES:]
    is_ours = hmac.compare_digest(proof, _proof(house, said, purpose, owner))
    return is_ours and house.clock().timestamp() <= _until(said)


def spend(house: House, session: Session, challenge: bytes) -> bool:
    """Note that a challenge of ours was answered; of two who bring the same answer one gets True."""
    digest = house.keys.digest(PURPOSE, challenge)
    expires_at = datetime.fromtimestamp(_until(challenge), UTC)
    try:
        with session.begin_nested():
            session.add(SpentChallenge(digest=digest, expires_at=expires_at))
            session.flush()
    except IntegrityError:
        return False
    return True


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the rows of challenges that nobody could answer any more; how many they were."""
    gone = delete(SpentChallenge).where(SpentChallenge.expires_at < now).returning(SpentChallenge.digest)
    return len(session.scalars(gone).all())


def _until(said: bytes) -> int:
    until: int = UNTIL.unpack_from(said, NONCE_BYTES)[0]
    return until


def _proof(house: House, said: bytes, purpose: str, owner: str) -> bytes:
    whole = said + f"\n{purpose}\n{owner}".encode()
    return hmac.digest(house.keys.derive(PURPOSE), whole, hashlib.sha256)
