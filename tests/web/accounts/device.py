"""A device with passkeys, in software: what a phone or a security key does, and what a hostile one might."""

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from greetings.ids import new_id

PRESENT, VERIFIED, KEY_INSIDE = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: Any) -> bytes:
    """As much of CBOR as devices speak."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(5, len(value)) + b"".join(cbor(name) + cbor(held) for name, held in value.items())


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 24, size]) if size < 256 else bytes([kind << 5 | 25]) + struct.pack(">H", size)


@dataclass
class Device:
    """Holds one passkey. `says` is what the browser puts into its client data, `counts` whether it counts."""

    origin: str = "http://localhost:8000"
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: new_id().encode())
    user_handle: bytes = b""
    sign_count: int = 0
    says: dict[str, Any] = field(default_factory=dict)
    domain: str | None = None
    algorithm: int = -7

    def copy(self) -> "Device":
        """The same key in other hands."""
        return replace(self)

    def make(self, options: dict[str, Any]) -> str:
        """A new passkey, as the page's script sends it."""
        self.user_handle = data(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor({1: 2, 3: self.algorithm, -1: 1, -2: x, -3: y})
        inside = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        device_data = self._data(options["rp"]["id"], KEY_INSIDE) + inside
        client_data = self._client_data("webauthn.create", options)
        return json.dumps(
            {
                "id": text(self.credential_id),
                "clientDataJSON": text(client_data),
                "attestationObject": text(cbor({"fmt": "none", "attStmt": {}, "authData": device_data})),
            }
        )

    def answer(self, options: dict[str, Any]) -> str:
        """A signature under a question."""
        self.sign_count += self.counts
        device_data = self._data(options["rpId"])
        client_data = self._client_data("webauthn.get", options)
        signed = device_data + hashlib.sha256(client_data).digest()
        return json.dumps(
            {
                "id": text(self.credential_id),
                "clientDataJSON": text(client_data),
                "authenticatorData": text(device_data),
                "signature": text(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": text(self.user_handle),
            }
        )

    def _data(self, domain: str, flags: int = 0) -> bytes:
        digest = hashlib.sha256((self.domain or domain).encode()).digest()
        return digest + struct.pack(">BI", self.flags | flags, self.sign_count)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **self.says}).encode()
