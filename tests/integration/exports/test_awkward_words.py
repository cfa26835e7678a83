"""Words that break other people's programs, taken out as a table and for programs."""

import csv
import io
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest

from greetings.exports import service
from greetings.exports.rules import Form
from greetings.house import House
from greetings.submissions.rules import Use
from greetings.web.cleaning import clean
from tests.factories import make_action, make_greeting
from tests.web.walk.naughty import WORDS, words_of_others

pytestmark = pytest.mark.corpus

# what spreadsheets of any country pass over before a formula, and what begins one
PASSED_OVER, SIGNS = ' \t\r\n\u200b\ufeff"', tuple("=+-@＝＋－＠")


@pytest.fixture
def texts(house: House, corpus: Path) -> list[str]:
    """All of them as greetings, in every field that a sender fills in; the texts as they are kept."""
    texts = [text for text in (clean(one, lines=True) for one in (*WORDS, *words_of_others(corpus))) if text]
    with house.database.work() as session:
        action = make_action(session)
        for text in texts:
            line = clean(text)[:60]
            make_greeting(
                house, session, action, photos=1, descriptions=[clean(text)[:300]], text=text, name=line,
                town=line, organisation=line, office=line,
            )  # fmt: skip
    return texts


def taken_out(house: House, form: Form) -> bytes:
    with house.database.work() as session:
        export_id = service.ask(house, session, "ales", Use.POST, form, actor="olga")
    assert service.write_next(house)
    with house.database.work() as session:
        export = service.give_out(house, session, export_id, actor="olga")
        assert export is not None
        return b"".join(service.read_parts(house.storage, export))


def test_awkward_words_stay_in_their_cells_and_none_begins_a_formula(house: House, texts: list[str]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(taken_out(house, Form.ZIP)))
    table = archive.read("greetings.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline=""), strict=True))
    assert [row["text"].replace("'", "") for row in rows] == [text.replace("'", "") for text in texts]
    said = [clean(text)[:300] for text in texts]
    assert [row["descriptions"].replace("'", "") for row in rows] == [one.replace("'", "") for one in said]
    for row in rows:
        for cell in row.values():
            for line in cell.splitlines() or [""]:
                assert not line.lstrip(PASSED_OVER).startswith(SIGNS), cell
    signs = {sign for sign in table if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"}}
    left = {sign for sign in signs if ord(sign) < 0xE0000}  # beyond are the invisible letters of a flag
    assert left <= set("\r\n\u200c\u200d"), "nothing that steers a terminal or its neighbours"
    told = json.loads(archive.read("greetings.json"))["greetings"]
    assert [greeting["text"] for greeting in told] == texts
