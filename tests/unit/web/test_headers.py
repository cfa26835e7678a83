"""What stands in pages of others: headers of its own, and those of every page once it is a refusal."""

from collections.abc import Callable

import pytest
from flask import Flask, request

from greetings.settings import load_settings
from greetings.web.headers import EMBEDDED, FIXED, PICTURE, embeddable, install_headers, shown_elsewhere


@pytest.mark.parametrize(("mark", "own"), [(embeddable, EMBEDDED), (shown_elsewhere, PICTURE)])
def test_a_refusal_carries_the_strict_headers_of_every_page(
    mark: Callable[..., Callable[[], object]], own: dict[str, str]
) -> None:
    app = Flask(__name__)
    install_headers(app, load_settings({}))
    app.add_url_rule("/", "there", mark(lambda: ("", int(request.args["status"]))))  # type: ignore[arg-type]
    shown, refused = (app.test_client().get(f"/?status={status}").headers for status in (200, 404))
    assert own.items() <= dict(shown).items()
    assert FIXED.items() <= dict(refused).items()
