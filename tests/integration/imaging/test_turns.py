"""Decoders are few: who sends one picture after another waits behind others."""

import threading
import time

from greetings.imaging import PictureReader, ReaderLimits
from greetings.web.uploads import UploadBudget, UploadedBytes
from tests.integration.imaging.drawing import encoded, four_corners

PATIENCE_SECONDS = 60
PICTURE = encoded(four_corners())


def sent_from(network: str) -> UploadedBytes:
    held = UploadedBytes(UploadBudget(1_000_000), 1_000_000, network)
    held.write(PICTURE)
    held.seek(0)
    return held


def test_a_picture_from_elsewhere_is_decoded_before_the_rest_of_one_network() -> None:
    reader = PictureReader(ReaderLimits(children=1, wait_for_place_seconds=60, wall_seconds=60))
    decoded: list[str] = []

    def take_in(network: str) -> None:
        reader.take_in(sent_from(network))
        decoded.append(network)

    assert reader._turns.take("greedy", 0)  # one of theirs is being decoded
    senders = []
    try:
        for network in ("greedy", "greedy", "greedy", "another", "greedy"):
            senders.append(threading.Thread(target=take_in, args=[network]))
            senders[-1].start()
            until = time.monotonic() + PATIENCE_SECONDS
            while len(reader._turns._waiting) < len(senders):
                assert time.monotonic() < until
                time.sleep(0.005)
    finally:
        reader._turns.give_back("greedy")
        for sender in senders:
            sender.join(PATIENCE_SECONDS)
        reader.close()
    assert decoded == ["another", "greedy", "greedy", "greedy", "greedy"]
