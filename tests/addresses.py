"""The addresses behind the application's own map, so that tests of every page cover new ones by themselves."""

import re
from collections.abc import Iterator, Mapping

from flask import Flask

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(app: Flask, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of everything that can be opened; `known` says what stands for each part of an address."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        unknown = rule.arguments - known.keys()
        assert not unknown, f"{rule.rule} takes {unknown}: say what stands there"
        yield rule.endpoint, _PART.sub(lambda found: known[found[1]], rule.rule)
