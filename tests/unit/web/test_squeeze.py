"""Which encoding a browser takes, and that nothing is lost on the way."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.web.squeeze import best_encoding, is_squeezable, squeeze


@pytest.mark.parametrize(
    ("asked", "given_"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=1.0, identity; q=0.5, *;q=0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", ""),
        ("brotli", ""),
        (";;;,,,=", ""),
    ],
)
def test_the_shortest_that_is_taken_is_given(asked: str, given_: str) -> None:
    assert best_encoding(asked) == given_


@given(st.text(max_size=60))
def test_whatever_is_asked_has_an_answer(untrusted: str) -> None:
    assert best_encoding(untrusted) in {"br", "gzip", ""}


@given(st.binary(max_size=5_000))
def test_what_is_squeezed_comes_out_whole(data: bytes) -> None:
    assert brotli.decompress(squeeze(data, "br")) == data
    assert gzip.decompress(squeeze(data, "gzip")) == data
    assert squeeze(data, "") == data


def test_short_answers_pictures_and_fonts_stay_as_they_are() -> None:
    assert is_squeezable("text/html; charset=utf-8", 10_000)
    assert is_squeezable("image/svg+xml; charset=utf-8", 10_000)
    assert not is_squeezable("text/html", 100)
    for kind in ("image/webp", "font/woff2", "application/pdf", ""):
        assert not is_squeezable(kind, 10_000)
