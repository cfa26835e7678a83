"""A supporter for each test."""

import pytest

from tests.pages import PageClient
from tests.web.submissions.sender import Sender


@pytest.fixture
def sender(client: PageClient) -> Sender:
    return Sender(client)
