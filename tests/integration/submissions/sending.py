"""What tests of receiving start from: a draft, files, a look at what is stored."""

import io

from sqlalchemy import func, select

from greetings.house import House
from greetings.submissions.files import PRIVATE
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import Draft, Kind, Use
from greetings.submissions.service import UntrustedFile
from tests.factories import picture_bytes

KEY = "0123456789abcdef0123456789abcdef"


def draft(**facts) -> Draft:
    """A greeting of words and a photo, with what a test says otherwise."""
    return Draft(
        **{
            "kind": Kind.PHOTO,
            "language": "be",
            "uses": frozenset({Use.GALLERY, Use.POST}),
            "text": "З днём нараджэння!",
            "name": "Ганна",
            "town": "Магілёў",
            "country": "BY",
            "organisation": "Сям’я",
            "everyone_agreed": True,
            **facts,
        }
    )


def files(count: int = 1, **save) -> list[UntrustedFile]:
    return [
        UntrustedFile(io.BytesIO(picture_bytes(size=(64 + number, 48), **save))) for number in range(count)
    ]


def stored_files(house: House) -> set[str]:
    return {file.key for file in house.storage.files(PRIVATE)}


def count(house: House, model: type[Greeting | Photo]) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
