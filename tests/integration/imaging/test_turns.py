"""Decoders are few: who sends one picture after another waits behind others, all the way from the form."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from greetings.actions.models import Action
from greetings.house import House
from greetings.imaging import PictureReader, ReaderLimits
from greetings.imaging.turns import Turns
from greetings.web.uploads import UploadBudget, UploadedBytes
from tests.integration.imaging.drawing import encoded, four_corners
from tests.web.submissions.sender import Sender

PATIENCE_SECONDS = 60
PICTURE = encoded(four_corners())


class TellingTurns(Turns):
    """Who was given the only place, in this order: told while it is held, so nobody can be in between."""

    def __init__(self) -> None:
        super().__init__(1)
        self.let_in: list[str] = []

    def take(self, network: str, seconds: float) -> bool:
        is_taken = super().take(network, seconds)
        if is_taken:
            self.let_in.append(network)
        return is_taken


@pytest.fixture
def reader() -> Iterator[PictureReader]:
    reader = PictureReader(ReaderLimits(children=1, wait_for_place_seconds=60, wall_seconds=60))
    reader._turns = TellingTurns()
    yield reader
    reader.close()


def let_in(reader: PictureReader, holder: str, asking: list[tuple[str, Callable[[], object]]]) -> list[str]:
    """Who is let in one after the other, once all who ask stand in their order and the holder is ready."""
    turns = reader._turns
    assert isinstance(turns, TellingTurns)
    assert turns.take(holder, 0)
    threads = []
    try:
        for _, ask in asking:
            threads.append(threading.Thread(target=ask))
            threads[-1].start()
            until = time.monotonic() + PATIENCE_SECONDS
            while len(turns._waiting) < len(threads):
                assert time.monotonic() < until
                time.sleep(0.005)
    finally:
        turns.give_back(holder)
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    return turns.let_in[1:]


def sent_from(network: str) -> UploadedBytes:
    held = UploadedBytes(UploadBudget(1_000_000), 1_000_000, network)
    held.write(PICTURE)
    held.seek(0)
    return held


def test_a_picture_from_elsewhere_is_decoded_before_the_rest_of_one_network(reader: PictureReader) -> None:
    def take_in(network: str) -> Callable[[], object]:
        return lambda: reader.take_in(sent_from(network))

    waiting = ("greedy", "greedy", "greedy", "another", "greedy")
    order = let_in(reader, "greedy", [(network, take_in(network)) for network in waiting])
    assert order == ["another", "greedy", "greedy", "greedy", "greedy"]


def test_each_sender_of_a_form_is_a_network_of_their_own_before_the_decoders(
    reader: PictureReader, house: House, app: Flask, action: Action
) -> None:
    """All addresses of a line are one; whoever comes from this machine may be anyone, and is nobody's."""
    house.pictures = reader
    answers: list[int] = []

    def send(address: str) -> Callable[[], object]:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        sender = Sender(client)  # type: ignore[arg-type]  # made by the application, as every page client is
        sender.open()
        return lambda: answers.append(sender.send(PICTURE).status_code)

    line, other = "2001:0db8:0001::/48", "203.0.113.9"
    asking = ["2001:db8:1:2::1", "2001:db8:1:3::1", other, "127.0.0.1"]
    order = let_in(reader, line, [(address, send(address)) for address in asking])
    assert order == [other, "", line, line]
    assert answers == [201] * len(asking)
