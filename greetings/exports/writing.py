"""Writing an export: CSV, JSON, or a ZIP of both with the pictures, in bounded memory whatever its size.

The file goes into the store in parts as it grows: nothing seeks back in it, nobody has to hold it whole.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from greetings.exports.rules import FIELDS, PART_BYTES, Form, defused, part_key, picture_name
from greetings.imaging import MASTER
from greetings.storage import Storage
from greetings.submissions.files import private_key
from greetings.submissions.models import Greeting

CSV_NAME, JSON_NAME = "greetings.csv", "greetings.json"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the archive says nothing of when
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else

Pages = Callable[[], Iterable[list[Greeting]]]


class PartedFile(io.RawIOBase):
    """A file that only grows: full parts go to the store at once, where `check_room` raises nothing."""

    def __init__(
        self, storage: Storage, file_name: str, check_room: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._storage = storage
        self._file_name = file_name
        self._check_room = check_room
        self._held = bytearray()
        self.parts = 0
        self.size_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        fresh = bytes(data)
        self._held += fresh
        self.size_bytes += len(fresh)
        while len(self._held) >= PART_BYTES:
            self._put(PART_BYTES)
        return len(fresh)

    def finish(self) -> None:
        """Put what is left."""
        if self._held:
            self._put(len(self._held))

    def _put(self, length: int) -> None:
        self._check_room()
        self._storage.put(part_key(self._file_name, self.parts), bytes(self._held[:length]))
        self.parts += 1
        del self._held[:length]


def write_export(file: PartedFile, form: Form, facts: dict[str, str], pages: Pages, storage: Storage) -> None:
    """Write the greetings that `pages()` brings, once for each pass over them."""
    if form is Form.CSV:
        _write_csv(cast("IO[bytes]", file), pages())
    elif form is Form.JSON:
        _write_json(cast("IO[bytes]", file), facts, pages())
    else:
        _write_zip(file, facts, pages, storage)


def row_of(greeting: Greeting) -> dict[str, Any]:
    """A greeting as an export tells it; what its sender did is told to the day."""
    return {
        "id": greeting.id,
        "kind": greeting.kind.value,
        "language": greeting.language,
        "name": greeting.name,
        "town": greeting.town,
        "country": greeting.country,
        "organisation": greeting.organisation,
        "office": greeting.office,
        "text": greeting.text,
        "received_on": greeting.received_at.date().isoformat(),
        "uses": sorted(use.value for use in greeting.granted - greeting.disallowed),
        "children": greeting.shows_children,
        "pictures": [
            picture_name(greeting.id, place) for place, _photo in enumerate(greeting.photos, start=1)
        ],
        "descriptions": [photo.description for photo in greeting.photos],
    }


def _write_csv(file: IO[bytes], pages: Iterable[list[Greeting]]) -> None:
    with _text(file) as lines:
        lines.write(BYTE_ORDER_MARK)
        table = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        table.writerow(FIELDS)
        for page in pages:
            for greeting in page:
                row = {**row_of(greeting), "descriptions": greeting.descriptions}  # a line for each
                table.writerow([_cell(row[name]) for name in FIELDS])


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return defused(" ".join(value) if isinstance(value, list) else str(value))


def _write_json(file: IO[bytes], facts: dict[str, str], pages: Iterable[list[Greeting]]) -> None:
    with _text(file) as lines:
        lines.write(json.dumps(facts, ensure_ascii=False)[:-1] + ', "greetings": [')
        is_first = True
        for page in pages:
            for greeting in page:
                lines.write("\n" if is_first else ",\n")
                lines.write(json.dumps(row_of(greeting), ensure_ascii=False))
                is_first = False
        lines.write("\n]}\n")


def _write_zip(file: PartedFile, facts: dict[str, str], pages: Pages, storage: Storage) -> None:
    with zipfile.ZipFile(cast("IO[bytes]", file), "w", zipfile.ZIP_STORED) as archive:
        with archive.open(_entry(CSV_NAME, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as inner:
            _write_csv(inner, pages())
        with archive.open(_entry(JSON_NAME, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as inner:
            _write_json(inner, facts, pages())
        for page in pages():
            for greeting in page:
                for place, photo in enumerate(greeting.photos, start=1):
                    data = storage.read(private_key(photo.private_name, MASTER))
                    archive.writestr(_entry(picture_name(greeting.id, place)), data)


def _entry(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


@contextmanager
def _text(file: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """Text into a file of bytes, which stays open afterwards."""
    lines = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        yield lines
    finally:
        lines.flush()
        lines.detach()
