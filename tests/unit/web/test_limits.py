"""How long one waits who has asked too often."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from greetings.web.limits import seconds_to_wait

TEN_MINUTES = RateLimitItemPerMinute(30, 10)


@pytest.mark.parametrize(("ends_in", "waits"), [(-3, 1), (0.5, 1), (59.2, 60), (600, 600), (600.9, 600)])
def test_one_waits_till_the_limit_ends_and_never_longer_than_it_spans(
    monkeypatch: pytest.MonkeyPatch, ends_in: float, waits: int
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    limit: Any = SimpleNamespace(limit=TEN_MINUTES, reset_at=1000 + ends_in)
    assert seconds_to_wait(limit) == waits
