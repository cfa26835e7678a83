"""The site that the other tests share shows what they changed behind its back, on each page alike."""

import re

import pytest
import requests
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from tests.browser.patience import PATIENCE_SECONDS
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

TIMES = 5


def hang(store: House) -> str:
    with store.database.work() as session:
        return make_greeting(store, session, session.scalars(select(Action)).one()).id


def test_a_change_is_on_every_page_whatever_was_looked_at_before(store: House, site: Site) -> None:
    """A page made of older pieces has the new greeting and counts without it."""

    def greetings_in(path: str) -> int:
        page = requests.get(f"{site.url}/ales/en/{path}", timeout=PATIENCE_SECONDS).text
        [figure] = re.findall(r"<b>([\d,]+)</b> greetings?\b", page)[:1]
        return int(figure.replace(",", ""))

    hang(store)
    for _ in range(TIMES):
        before = greetings_in("")
        hang(store)
        assert greetings_in("greetings/") == before + 1
