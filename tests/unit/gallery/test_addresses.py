"""Addresses of the wall: put together by hand for speed, spelled as the router spells them."""

from typing import Any

import pytest
from flask import Flask, url_for

from greetings.gallery.filters import with_query


@pytest.fixture
def adapter() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/wall/", "wall", lambda: "")
    return app


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"kind": "photo", "country": "LT", "lang": "be", "after": "3f"},
        {"q": "з днём нараджэння, Алесь!"},
        {"q": "a&b=c#d+e%20f?g/h:i;j@k'l\"m<n>(o)*p$q~r"},
    ],
)
def test_a_filter_stands_in_an_address_as_the_router_writes_it(adapter: Flask, parts: dict[str, Any]) -> None:
    with adapter.test_request_context():
        assert with_query("/wall/", parts) == url_for("wall", **parts)
