"""The language that passkeys speak (WebAuthn): what a browser is asked, and what in its answer is true.

No rows and no sessions here. Nothing of an answer is believed before its signature, origin, domain and flags
were checked; where the device comes from is never asked (no attestation), for it is nobody's business.
"""

import binascii
import hashlib
import hmac
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greetings.accounts.rules import CHALLENGE_LASTS
from greetings.errors import GreetingsError

if TYPE_CHECKING:
    from fido2.webauthn import AuthenticatorData, CollectedClientData

ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256: what every device of today has one of
LONGEST_ANSWER = 16_384
LONGEST_CREDENTIAL_ID = 1023
MILLISECONDS = 1000
# what reading bytes that nobody vouches for ends in
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    struct.error,
)

IsOpen = Callable[[bytes], bool]


class PasskeyRefused(GreetingsError):
    """The answer isn't one, isn't for us, or isn't signed by the passkey it names."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whose passkeys these are: the origin of the pages, and the domain the keys are bound to."""

    origin: str
    domain: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey just made: the public half of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, taken apart; `checked` says whether it is true."""

    credential_id: bytes
    user_handle: bytes | None
    client_data: "CollectedClientData"
    device_data: "AuthenticatorData"
    signature: bytes

    @property
    def challenge(self) -> bytes:
        return self.client_data.challenge

    @property
    def sign_count(self) -> int:
        return self.device_data.counter


# ---------- asking


def options_to_make(
    site: Site, challenge: bytes, handle: bytes, name: str, known: Sequence[bytes]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is given. The device keeps `name` beside the key, so does
    whoever keeps copies of its keys.
    """
    return {
        "challenge": _text(challenge),
        "rp": {"id": site.domain, "name": site.name},
        "user": {"id": _text(handle), "name": name, "displayName": name},
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "excludeCredentials": _named(known),
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": _timeout(),
    }


def options_to_ask(site: Site, challenge: bytes, allowed: Sequence[bytes] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get` is given; without `allowed` the device offers what it has for us."""
    return {
        "challenge": _text(challenge),
        "rpId": site.domain,
        "allowCredentials": _named(allowed),
        "userVerification": "required",
        "timeout": _timeout(),
    }


def _named(credential_ids: Sequence[bytes]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": _text(one)} for one in credential_ids]


def _timeout() -> int:
    return int(CHALLENGE_LASTS.total_seconds()) * MILLISECONDS


# ---------- what comes back


def read_made(site: Site, untrusted_answer: str, is_open: IsOpen) -> Made:
    """The passkey that a device has just made for us, or `PasskeyRefused`."""
    from fido2.webauthn import AttestationObject, CollectedClientData

    with _refusing():
        fields = _fields(untrusted_answer)
        client_data = CollectedClientData(_bytes(fields["clientDataJSON"]))
        device_data = AttestationObject(_bytes(fields["attestationObject"])).auth_data
        _check(site, client_data, device_data, "webauthn.create", is_open)
        credential = device_data.credential_data
        if credential is None or credential.public_key.ALGORITHM not in ALGORITHMS:
            raise PasskeyRefused
        if not 0 < len(credential.credential_id) <= LONGEST_CREDENTIAL_ID:
            raise PasskeyRefused
        return Made(
            credential_id=credential.credential_id,
            public_key=_encoded(credential.public_key),
            sign_count=device_data.counter,
            challenge=client_data.challenge,
        )


def read_answer(untrusted_answer: str) -> Answer:
    """An answer taken apart, unchecked, or `PasskeyRefused` when it isn't one."""
    from fido2.webauthn import AuthenticatorData, CollectedClientData

    with _refusing():
        fields = _fields(untrusted_answer)
        return Answer(
            credential_id=_bytes(fields["id"]),
            user_handle=_bytes(fields["userHandle"]) if fields.get("userHandle") else None,
            client_data=CollectedClientData(_bytes(fields["clientDataJSON"])),
            device_data=AuthenticatorData(_bytes(fields["authenticatorData"])),
            signature=_bytes(fields["signature"]),
        )


def check_answer(site: Site, answer: Answer, public_key: bytes, is_open: IsOpen) -> None:
    """Refuse unless the passkey of this public key has signed this answer to a question of ours, and has made
    sure of its owner by a finger, a face or a PIN.
    """
    from cryptography.exceptions import InvalidSignature
    from fido2 import cbor
    from fido2.cose import CoseKey

    with _refusing():
        _check(site, answer.client_data, answer.device_data, "webauthn.get", is_open)
        try:
            key = CoseKey.parse(cbor.decode(public_key))  # type: ignore[arg-type]  # a map: we stored it
            key.verify(answer.device_data + answer.client_data.hash, answer.signature)
        except InvalidSignature as error:
            raise PasskeyRefused from error


def _check(
    site: Site,
    client_data: "CollectedClientData",
    device_data: "AuthenticatorData",
    act: str,
    is_open: IsOpen,
) -> None:
    domain_digest = hashlib.sha256(site.domain.encode()).digest()
    is_true = (
        client_data.type == act
        and client_data.origin == site.origin
        and not client_data.cross_origin
        and is_open(client_data.challenge)
        and hmac.compare_digest(device_data.rp_id_hash, domain_digest)
        and device_data.is_user_present()
        and device_data.is_user_verified()
    )
    if not is_true:
        raise PasskeyRefused


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever goes wrong while bytes of strangers are read, the answer is refused."""
    try:
        yield
    except UNREADABLE as error:
        raise PasskeyRefused from error


def _fields(untrusted_answer: str) -> dict[str, str]:
    if len(untrusted_answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    fields = json.loads(untrusted_answer)
    if not isinstance(fields, dict):
        raise PasskeyRefused
    return fields


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except binascii.Error as error:
        raise PasskeyRefused from error


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _encoded(public_key: Any) -> bytes:
    from fido2 import cbor

    return cbor.encode(dict(public_key))
