"""A proxy that the settings don't know makes all visitors one: the log says so, once, and without an address."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from greetings.actions.models import Action
from greetings.app import create_app
from greetings.house import House

VISITOR = "198.51.100.7"


def said_of(house: House, *peers: str, proxies: int = 0, header: str = "X-Forwarded-For") -> list[str]:
    """What the log says of one request from each peer."""
    settings = replace(house.settings, trusted_proxies=proxies)
    client = create_app(settings, house).test_client()
    with capture_logs() as said:
        for number, peer in enumerate(peers):  # each asks for another page: one that is kept says nothing
            answer = client.get(
                f"/ales/en/?{number}", headers={header: VISITOR}, environ_overrides={"REMOTE_ADDR": peer}
            )
            assert answer.status_code == 200
    assert VISITOR not in repr(said)
    return [str(line["event"]) for line in said if "GREETINGS_TRUSTED_PROXIES" in line["event"]]


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "::1", "10.1.2.3", "192.168.7.7", "fd00::7", "::ffff:172.16.0.9"]
)
def test_a_proxy_that_nobody_named_is_told_of_once(house: House, action: Action, peer: str) -> None:
    assert len(said_of(house, peer, peer, peer)) == 1


@pytest.mark.parametrize("peer", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "nowhere", ""])
def test_what_anybody_may_write_says_nothing(house: House, action: Action, peer: str) -> None:
    assert said_of(house, peer) == []


def test_nothing_is_told_where_it_is_named_or_where_there_is_none(house: House, action: Action) -> None:
    assert said_of(house, "127.0.0.1", proxies=1) == []
    assert said_of(house, "127.0.0.1", header="X-Other") == []
