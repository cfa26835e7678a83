"""A fixed sample of the corpus through the form: every file is taken in bare, or refused with a reason."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from greetings.house import House
from tests.pictures import assert_bare
from tests.soak.corpus import BOUNDARY, KEY, REASON, files_of, form_body

pytestmark = pytest.mark.corpus

SAMPLE = 300
LARGE_BYTES = 500_000


def sample(corpus: Path) -> list[Path]:
    """The same files every time: an even draw from every folder, few of them large."""
    drawn = sorted(
        files_of(corpus), key=lambda path: hashlib.sha256(str(path.relative_to(corpus)).encode()).digest()
    )
    small = [path for path in drawn if path.stat().st_size < LARGE_BYTES]
    large = [path for path in drawn if path.stat().st_size >= LARGE_BYTES]
    return [*large[:10], *small][:SAMPLE]


def test_every_file_of_a_sample_gets_its_answer(app: Flask, house: House, corpus: Path):
    client = FlaskClient(app)  # one that reads only what matters here: three hundred pages
    files, reasons, accepted = sample(corpus), set(), 0
    assert len(files) == SAMPLE
    key = b""
    for path in files:
        if not key:
            found = KEY.search(client.get("/ales/en/send").data)
            assert found
            key = found[1]
        page = client.post(
            "/ales/en/send",
            data=form_body(key, path.read_bytes(), "фота.jpg"),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
        )
        if page.status_code == 201:
            accepted, key = accepted + 1, b""
            continue
        assert page.status_code == 422, path
        reason = REASON.search(page.data)
        assert reason, path
        assert path.stat().st_size == 0 or reason[1] not in {b"reader_failed", b"took_too_long"}, path
        reasons.add(reason[1].decode())
    assert accepted >= 40
    assert {"broken", "a_document", "not_a_picture", "a_gif", "a_vector_drawing", "a_tiff_or_raw"} <= reasons
    held = [path for path in (house.settings.files / "private").rglob("*") if path.is_file()]
    assert len(held) == 3 * accepted
    sent = {hashlib.sha256(path.read_bytes()).digest() for path in files}
    for path in held:
        data = path.read_bytes()
        assert hashlib.sha256(data).digest() not in sent
        assert_bare(data)
