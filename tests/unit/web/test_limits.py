"""How long one waits who has asked too often."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from greetings.web.limits import seconds_to_wait


@pytest.mark.parametrize(
    ("minutes", "ends_in", "waits"),
    [(10, -3, 1), (10, 0.5, 1), (10, 59.2, 60), (10, 600, 600), (10, 600.9, 600), (1, 60.9, 60)],
)
def test_one_waits_till_the_limit_ends_and_never_longer_than_it_spans(
    monkeypatch: pytest.MonkeyPatch, minutes: int, ends_in: float, waits: int
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    limit: Any = SimpleNamespace(limit=RateLimitItemPerMinute(30, minutes), reset_at=1000 + ends_in)
    assert seconds_to_wait(limit) == waits
