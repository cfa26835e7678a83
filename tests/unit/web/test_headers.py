"""What a view is marked with counts for what it shows: a refusal is kept by nobody and framed by nobody."""

from collections.abc import Callable

import pytest
from flask import Flask, request

from greetings.settings import load_settings
from greetings.web.headers import (
    EMBEDDED,
    FIXED,
    NO_CACHE,
    PAGE_CACHE,
    PICTURE,
    cacheable,
    embeddable,
    install_headers,
    shown_elsewhere,
)

Mark = Callable[..., Callable[[], object]]


def shown_and_refused(mark: Mark) -> tuple[dict[str, str], dict[str, str]]:
    """The headers of a page with that mark, and of the same page when it answers 404."""
    app = Flask(__name__)
    install_headers(app, load_settings({}))
    app.add_url_rule("/", "there", mark(lambda: ("", int(request.args["status"]))))  # type: ignore[arg-type]
    shown, refused = (dict(app.test_client().get(f"/?status={status}").headers) for status in (200, 404))
    return shown, refused


@pytest.mark.parametrize(("mark", "own"), [(embeddable, EMBEDDED), (shown_elsewhere, PICTURE)])
def test_a_refusal_carries_the_strict_headers_of_every_page(mark: Mark, own: dict[str, str]) -> None:
    shown, refused = shown_and_refused(mark)
    assert own.items() <= shown.items()
    assert FIXED.items() <= refused.items()


def test_a_refusal_is_kept_by_nobody() -> None:
    shown, refused = shown_and_refused(cacheable)
    assert [shown["Cache-Control"], refused["Cache-Control"]] == [PAGE_CACHE, NO_CACHE]
    assert "ETag" not in refused
