"""A supporter without a browser: opens the form, fills it in, reads what comes back."""

import html
import io
import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.factories import picture_bytes
from tests.pages import PageClient, tree_of

parsed = tree_of


def by_id(response: TestResponse, wanted: str) -> Element:
    return next(element for element in parsed(response).iter() if element.get("id") == wanted)


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def state_of(response: TestResponse) -> str:
    return next(
        element.get("data-state", "") for element in parsed(response).iter() if element.get("data-state")
    )


def code_of(response: TestResponse) -> str:
    return text_of(by_id(response, "receipt-code"))


def reasons_of(response: TestResponse) -> list[str]:
    return [
        element.get("data-reason", "") for element in parsed(response).iter() if element.get("data-reason")
    ]


def alert_of(response: TestResponse) -> str:
    return next(text_of(element) for element in parsed(response).iter() if element.get("role") == "alert")


def message_at(response: TestResponse, name: str) -> str:
    """The sentence beside a field, reached the way a screen reader reaches it."""
    tree = parsed(response)
    described = next(
        element for element in tree.iter() if element.get("id") == name and element.get("aria-describedby")
    )
    parts = [text_of(by_id(response, part)) for part in described.get("aria-describedby", "").split()]
    return " ".join(part for part in parts if part)


def typed(response: TestResponse) -> dict[str, Any]:
    """What the form holds, as a browser would send it again."""
    tree = parsed(response)
    form = next(element for element in tree.iter("form") if element.get("id") == "send")
    values: dict[str, Any] = {"uses": []}
    for element in form.iter():
        name, kind = element.get("name"), element.get("type")
        if name is None or kind in {"file", "submit"}:
            continue
        if element.tag == "textarea":
            values[name] = element.text or ""
        elif element.tag == "select":
            chosen = [option for option in element.iter("option") if option.get("selected") is not None]
            values[name] = chosen[0].get("value", "") if chosen else ""
        elif kind in {"checkbox", "radio"} and element.get("checked") is None:
            continue
        elif name == "uses":
            values["uses"].append(element.get("value"))
        else:
            values[name] = element.get("value", "")
    return values


@dataclass
class Sender:
    """Fills the form with these words, ticks and photos unless told otherwise."""

    client: PageClient
    language: str = "en"
    action: str = "ales"
    key: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/{self.action}/{self.language}/send"

    def open(self) -> TestResponse:
        response = self.client.get(self.path)
        self.key = key_of(response)
        return response

    def send(self, *photos: bytes | tuple[bytes, str], **facts: Any) -> TestResponse:
        if not self.key:
            self.open()
        data = {"key": self.key, "text": "З днём нараджэння!", "uses": ["gallery", "post"], **facts}
        if photos:
            data.setdefault("agreed", "1")
            data["photos"] = [
                (io.BytesIO(photo[0]), photo[1]) if isinstance(photo, tuple) else (io.BytesIO(photo), "a.jpg")
                for photo in photos
            ]
        return self.client.post(
            self.path,
            data={name: value for name, value in data.items() if value is not None},
            content_type="multipart/form-data",
        )

    def receipt(self, code: str, do: str | None = "status", **facts: Any) -> TestResponse:
        data = {"code": code, "do": do, **facts}
        return self.client.post(
            f"/{self.action}/{self.language}/receipt",
            data={name: value for name, value in data.items() if value is not None},
        )


def key_of(response: TestResponse) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.get_data(as_text=True))
    assert found
    return html.unescape(found[1])


def photo(size: tuple[int, int] = (64, 48), **save: Any) -> bytes:
    return picture_bytes(size=size, **save)
