"""Uploads that hang, against the real server: pages stay quick, the rest is asked to come again. `make soak` has
the same with hundreds, and waits until they are hung up on.
"""

import http.client
import time
from collections.abc import Iterator

import pytest

from greetings.serving import STOP_SECONDS
from greetings.web.arrivals import DOOR_PLACES
from tests.browser.patience import PATIENCE_SECONDS, until
from tests.soak import stalls
from tests.soak.corpus import Supporter
from tests.soak.server import Server, temporary_files

PLACES = 24
MOST_CROWDS = 5  # who hangs is hung up on after thirty seconds: a busy machine may need another crowd
STALLED, TRICKLING, BROKEN_OFF = 26, 10, 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server.start(
        tmp_path_factory.mktemp("stalls") / "data",
        prints=False,
        GREETINGS_UPLOADS=str(PLACES),
        GREETINGS_THREADS="8",
    )
    yield server
    server.stop()


@pytest.fixture
def crowd(server: Server) -> Iterator[stalls.Crowd]:
    crowd = stalls.Crowd(server.port)
    yield crowd
    crowd.disperse()


@pytest.fixture
def supporter(server: Server) -> Iterator[Supporter]:
    supporter = Supporter(server.url)
    yield supporter
    supporter.close()


def answer_to_code(server: Server) -> int:
    """What somebody gets who asks for their greeting meanwhile: a small form."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/ales/en/receipt", "code=AAAA-AAAA-AAAA-AAAA&do=status", kind)
        return connection.getresponse().status
    finally:
        connection.close()


def test_uploads_that_hang_keep_nobody_from_looking_and_fill_no_disk(
    server: Server, crowd: stalls.Crowd, supporter: Supporter
):
    photo = stalls.everyday_photo()
    assert supporter.send(photo)[0] == 201
    stalls.bomb()  # made before the crowd comes, which is hung up on after a while
    spooled = temporary_files()
    for _ in range(MOST_CROWDS):
        held = fill_every_place(server, crowd)
        with stalls.bombs_in_the_air(server, 1) as bombs:
            looks = stalls.look_at_gallery(server, 4)
            on_disk = server.files_on_disk()
        status, page, _seconds = supporter.send(photo)
        said_of_code = answer_to_code(server)
        if crowd.still_held() == held:
            break  # all of them hang as before: nobody has waited for any of them
        crowd.disperse()
    else:
        pytest.fail("Those that hang were waited for.")
    assert looks
    assert not on_disk
    assert set(bombs) == {503}, "all places are taken"
    assert (status, b"15 second" in page) == (503, True)
    assert said_of_code == 422
    assert not {path for path in temporary_files() - spooled if "upload" in path.name}
    crowd.disperse()
    until(lambda: supporter.send(photo)[0], lambda status: status == 201)  # the places came free
    assert "Traceback" not in server.site.log


def fill_every_place(server: Server, crowd: stalls.Crowd) -> int:
    """Let so many come that all places and the door are taken; says how many hang there. Whoever broke off, or
    came first and left, makes room again, and at the door only those stay who say little.
    """
    crowd.gather(STALLED, TRICKLING, BROKEN_OFF)

    def held() -> int:
        crowd.gather(PLACES, DOOR_PLACES, 0)
        assert (
            answer_to_code(server) == 422
        )  # came after all of them: by now they have been answered, or hang
        time.sleep(1)
        return crowd.still_held()

    return until(held, lambda held: held >= PLACES + DOOR_PLACES)


def test_a_crowd_in_one_moment_is_received_or_asked_to_come_again(server: Server, crowd: stalls.Crowd):
    crowd.gather(PLACES - 2, 0, 0)  # with two places left it doesn't matter how quickly the others come
    assert answer_to_code(server) == 422  # came after all of them
    answers = stalls.all_at_once(server, 40)
    assert set(answers) <= {201, 503}
    assert answers[201] >= 1
    assert answers[503] >= 1
    assert server.is_alive()


def test_a_server_with_uploads_that_hang_stops_when_it_is_told_to(tmp_path):
    server = Server.start(tmp_path / "data", prints=False)
    crowd = stalls.Crowd(server.port)
    try:
        crowd.gather(3, 0, 0)
        time.sleep(0.5)
        server.site.process.terminate()
        assert server.site.process.wait(STOP_SECONDS + PATIENCE_SECONDS) == 0
    finally:
        crowd.disperse()
        server.stop()
