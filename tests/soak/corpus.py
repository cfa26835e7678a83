"""Every file of the corpus through the real form of a real server, one after the other, as people would send it."""

import hashlib
import http.client
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.pictures import assert_bare
from tests.soak.server import Server

PATH = "/ales/en/send"
BOUNDARY = "soak-7d1f0c3a"
KEY = re.compile(rb'name="key" value="([^"]+)"')
REASON = re.compile(rb'data-reason="([a-z_]+)"')
NOT_SENT = {"README.md", "SHA256SUMS"}
WARM_UP = 40
PATIENCE_SECONDS = 60


@dataclass
class Answers:
    """What came of the files: how many of what, how long each took, and what should not have been."""

    accepted_seconds: list[float] = field(default_factory=list)
    refused_seconds: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Supporter:
    """Somebody who sends one file after the other."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self._address, timeout=PATIENCE_SECONDS)
        self._key = b""

    def send(self, data: bytes, name: str = "photo.jpg") -> tuple[int, bytes, float]:
        """Status, page, and seconds from the first byte to the last of the answer."""
        self._open_form()
        body = form_body(self._key, data, name)
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        began = time.monotonic()
        self._connection.request("POST", PATH, body, kind)
        answer = self._connection.getresponse()
        page = answer.read()
        seconds = time.monotonic() - began
        return answer.status, page, seconds

    def _open_form(self) -> None:
        """For each sending anew: the server hangs up on who is silent for long."""
        self._connection.close()
        self._connection.request("GET", PATH)
        found = KEY.search(self._connection.getresponse().read())
        assert found, "the form has no key"
        self._key = found[1]

    def close(self) -> None:
        self._connection.close()


def form_body(key: bytes, data: bytes, name: str = "photo.jpg") -> bytes:
    """A sending as browsers write it: fields first, the file last."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field_name}"\r\n\r\n'.encode()
        + value
        + b"\r\n"
        for field_name, value in (("key", key), ("text", b"Hello"), ("uses", b"post"), ("agreed", b"1"))
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return b"".join([*parts, head.encode(), data, f"\r\n--{BOUNDARY}--\r\n".encode()])


def files_of(corpus: Path) -> Iterator[Path]:
    """Every file that somebody might send, in a fixed order."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.name not in NOT_SENT and "LICENSES" not in path.parts:
            yield path


def send_all(server: Server, files: list[Path]) -> Answers:
    """Send each file; note what came of it."""
    answers, supporter = Answers(), Supporter(server.url)
    try:
        for path in files:
            status, page, seconds = supporter.send(path.read_bytes(), "фота.jpg")
            if status == http.client.CREATED:
                answers.accepted_seconds.append(seconds)
            elif status == http.client.UNPROCESSABLE_ENTITY:
                answers.refused_seconds.append(seconds)
                said = REASON.search(page)
                answers.reasons[said[1].decode() if said else "none"] += 1
                if not said:
                    answers.faults.append(f"{path.name}: refused without a reason")
            else:
                answers.faults.append(f"{path.name}: answered {status}")
    finally:
        supporter.close()
    return answers


def faults_in_store(data: Path, files: list[Path]) -> tuple[int, list[str]]:
    """How many pictures are stored, and which of them are not bare or are a file as it was sent."""
    sent = {hashlib.sha256(path.read_bytes()).digest() for path in files}
    faults, count = [], 0
    for path in sorted((data / "files" / "private").rglob("*")):
        if not path.is_file():
            continue
        count += 1
        held = path.read_bytes()
        if hashlib.sha256(held).digest() in sent:
            faults.append(f"{path.name}: stored as it was sent")
        try:
            assert_bare(held)
        except (AssertionError, IndexError, ValueError) as fault:
            faults.append(f"{path.name}: {fault}")
    return count, faults
