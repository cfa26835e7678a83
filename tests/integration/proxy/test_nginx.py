"""nginx in front, as deploy/ ships it: a real one before a real server."""

import re
import resource
import socket
import time
from collections.abc import Callable, Sequence
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from greetings.operations.proxy import PASSED_ON_BYTES
from greetings.settings import load_settings
from greetings.submissions.files import PUBLIC_RENDITIONS, public_file_name
from greetings.submissions.rules import MAX_REQUEST_BYTES, Step
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.web.headers import PAGE_CACHE, fixed_headers, page_headers
from tests.folders import held_in
from tests.integration.proxy.fronts import SECONDS, Front, assert_headers, heard_by_the_program

WALL = "/example/en/greetings/"


def test_pages_come_through_whole_and_squeezed(front: Front) -> None:
    direct = requests.get(front.site.url + WALL, timeout=SECONDS)
    for encoding in ("br", "gzip", "identity"):
        through = front.get(WALL, **{"Accept-Encoding": encoding})
        assert through.status_code == 200
        assert through.headers.get("Content-Encoding", "identity") == encoding
        if encoding != "br":  # requests reads br only where a package of its own is there
            assert through.text == direct.text
    assert front.get(WALL, **{"Accept-Encoding": "br;q=0, gzip;q=0"}).headers.get("Content-Encoding") is None


def test_who_asks_for_an_encoding_in_two_lines_leaves_nothing_unreadable_for_others(front: Front) -> None:
    """A page is kept under the first line: were the program told the second, others would get what they can't read."""
    sheet = next(
        word for word in front.get(WALL).text.split('"') if word.startswith("/static/css/wall.css?v=")
    )
    host, port = urlsplit(front.nginx.url).netloc.split(":")
    asking = f"GET {sheet} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\nAccept-Encoding: br\r\n"
    with socket.create_connection((host, int(port)), SECONDS) as line:
        line.sendall(f"{asking}Connection: close\r\n\r\n".encode())
        while line.recv(65536):
            pass
    kept = front.get(sheet, **{"Accept-Encoding": "identity"})
    assert (kept.status_code, kept.headers.get("Content-Encoding")) == (200, None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (WALL, 200),
        ("/static/css/base.css?v=1", 200),
        ("/static/css/nothing.css", 404),
        ("/example/en/send", 200),
        ("/desk", 308),
        ("/desk/sign-in", 200),
        ("/desk/queue", 302),
        ("/no/where/at/all", 404),
        ("/media/" + "a" * 20 + "-thumb.webp", 404),
        ("/media/../greetings.sqlite", 404),
        ("/metrics", 404),
    ],
)
def test_every_answer_has_each_header_once_and_right(front: Front, path: str, status: int) -> None:
    answer = front.get(path, Accept="*/*")
    assert answer.status_code == status
    assert_headers(answer)


def test_what_others_may_show_in_their_pages_keeps_its_own_policy(front: Front) -> None:
    own, through = (
        requests.get(f"{url}/embed/example/en/strip", timeout=SECONDS)
        for url in (front.site.url, front.nginx.url)
    )
    for name in (*fixed_headers(load_settings({})), "Cross-Origin-Embedder-Policy"):
        assert through.raw.headers.getlist(name) == own.raw.headers.getlist(name), name
    assert "frame-ancestors *" in through.headers["Content-Security-Policy"]


def test_the_headers_of_every_page_are_not_kept_with_each_of_them(front: Front) -> None:
    """nginx would parse them each time; a page that it has added them to says each once all the same."""
    address = f"{WALL}?kind=text"
    for _ in range(2):  # when it is kept by the program, and from there
        assert_headers(front.get(address))
    page = _once_kept(front, [address])[0]
    head = page.partition(b"\r\n\r\n")[0].lower()
    assert b"cache-control" in head
    assert [name for name in page_headers(load_settings({})) if name.lower().encode() in head] == []


def test_public_pictures_come_without_asking_the_program(front: Front) -> None:
    """Its files are read by nginx: what the program would say in other words, it never gets to say."""
    greeting = front.make(photos=1)
    name = public_file_name(greeting.photos[0].public_name or "", PUBLIC_RENDITIONS[0])
    answer = front.get(f"/media/{name}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.content == front.house.storage.read(f"public/{name}")
    assert answer.headers["ETag"] == f'"0-{len(answer.content):x}"'  # nginx's own, of the file
    assert "Last-Modified" not in answer.headers
    again = front.get(f"/media/{name}", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for one in (answer, again):
        assert_headers(one, is_picture=True)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_picture_tells_nobody_when_it_was_sent(front: Front) -> None:
    """Its file was written while its sender waited: nginx would say that to the second, twice."""
    began = int(time.time())
    greeting = front.make(photos=1)
    moments = range(began, int(time.time()) + 1)
    name = public_file_name(greeting.photos[0].public_name or "", PUBLIC_RENDITIONS[0])
    said = str(front.get(f"/media/{name}").raw.headers).lower()
    assert "etag" in said
    for moment in moments:
        assert f"{moment:x}" not in said
        assert time.strftime("last-modified: %a, %d %b %Y %H:%M:%S", time.gmtime(moment)).lower() not in said
    assert "last-modified" not in said


def test_cards_for_links_are_shown_elsewhere_when_they_come_from_the_proxys_cache_too(front: Front) -> None:
    for _ in range(2):
        card = front.get("/embed/example/en/card.jpg")
        assert (card.status_code, card.headers["Content-Type"]) == (200, "image/jpeg")
        assert_headers(card, is_picture=True)


def test_a_withdrawn_greeting_is_gone_from_every_answer_within_two_seconds(front: Front) -> None:
    greeting = front.make(photos=1, text="таямніца")
    strip, card = "/embed/example/en/strip", f"/embed{WALL}{greeting.id}/card.jpg"
    name = public_file_name(greeting.photos[0].public_name or "", PUBLIC_RENDITIONS[0])
    _assert_for_whoever_asks_two_seconds_later(lambda: greeting.id in front.get(WALL).text)
    assert front.get(f"/media/{name}").status_code == 200
    assert front.get(f"{WALL}{greeting.id}").status_code == 200
    assert front.get(card).status_code == 200
    _assert_for_whoever_asks_two_seconds_later(lambda: "таямніца" in _text(front.get(strip)))
    with front.house.database.work() as session:
        take_step(
            front.house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender"
        )
    gone = front.get(f"/media/{name}")
    assert gone.status_code == 410
    assert_headers(gone)
    _assert_for_whoever_asks_two_seconds_later(
        lambda: (
            greeting.id not in front.get(WALL).text
            and front.get(f"{WALL}{greeting.id}").status_code == front.get(card).status_code == 410
            and "таямніца" not in _text(front.get(strip))
        )
    )


def _text(answer: requests.Response) -> str:
    return answer.content.decode()


def _assert_for_whoever_asks_two_seconds_later(is_so: Callable[[], bool]) -> None:
    """However long an answer takes on a busy machine: what counts is when it was asked for."""
    began = asked = time.monotonic()
    while not is_so():
        assert asked - began < 2
        time.sleep(0.05)
        asked = time.monotonic()


def test_forms_are_never_shared(front: Front) -> None:
    assert front.get("/example/en/send").text != front.get("/example/en/send").text


def test_nothing_is_kept_but_what_the_program_calls_the_same_for_everyone(front: Front) -> None:
    style = "/static/css/base.css?v=1"
    pages = ("/example/en/send", "/desk/sign-in", "/desk", "/no/where/at/all", "/", "/example/")
    of_others = "/embed/example/en/strip"
    _once_kept(front, [WALL, style, of_others], also=pages)
    assert [path for path in pages if _kept(front, path)] == []


def test_who_makes_up_ways_of_asking_for_an_encoding_fills_nothing(front: Front) -> None:
    """Each would be a copy of its own, hundreds of megabytes in a few seconds."""
    address = f"{WALL}?kind=text&oddly"  # that nobody else asks for
    for number in range(3):
        assert front.get(address, **{"Accept-Encoding": f"made-up-{number}"}).status_code == 200
        assert _kept(front, address) == []
    for usual in ("gzip", "gzip, deflate", "gzip, deflate, br, zstd"):
        assert _once_kept(front, [address], **{"Accept-Encoding": usual})


@pytest.mark.parametrize(("name", "value"), [("Cookie", "desk=b"), ("Authorization", "Bearer x")])
def test_who_brings_a_cookie_or_credentials_is_nobody_in_particular(
    front: Front, name: str, value: str
) -> None:
    """Those of other sites of the same domain: the page is kept for everyone, as it is kept for those without."""
    address = f"{WALL}?kind=text&{name}"  # that nobody else asks for
    brought = front.get(address, **{name: value})
    kept = _once_kept(front, [address], **{name: value})
    without = front.get(address)
    assert (brought.status_code, brought.headers["Cache-Control"]) == (200, PAGE_CACHE)
    assert all(value.encode() not in one for one in kept)
    assert brought.text == without.text


@pytest.mark.parametrize(
    ("path", "is_told"),
    [
        ("/desk", True),
        ("/desk/", True),
        ("/desk/queue?kind=text", True),
        ("/%64esk/queue", True),
        (WALL, False),
        ("/example/en/send", False),
        ("/desk-2027/en/", False),
        ("/desk%0A", False),
        ("/static/css/base.css", False),
        ("/media/" + "a" * 20 + "-thumb.webp", False),
        ("/no/where/at/all", False),
    ],
)
def test_cookies_reach_the_program_at_the_desk_and_nowhere_else(
    front: Front, path: str, is_told: bool
) -> None:
    """Nor do credentials, anywhere; a listener in the place of the program writes down what it is sent."""
    with heard_by_the_program(front) as (url, heard):
        requests.get(
            url + path,
            headers={"Cookie": "desk=b; _pk_id=1", "Authorization": "Bearer x"},
            timeout=SECONDS,
            allow_redirects=False,
        )
    said = heard[0].lower()
    assert (b"\r\ncookie: desk=b; _pk_id=1\r\n" in said) == is_told
    assert is_told or b"cookie" not in said
    assert b"authorization" not in said


def _kept(front: Front, address: str) -> list[bytes]:
    """What lies in the proxy's cache of an address."""
    kept = held_in(front.nginx.folder / "pages").values()
    names = [one.partition(b"\nKEY: ")[2].partition(b"\n")[0] for one in kept]
    return [one for one, name in zip(kept, names, strict=True) if name.endswith(f" {address}".encode())]


def _once_kept(
    front: Front, addresses: Sequence[str], also: Sequence[str] = (), **headers: str
) -> list[bytes]:
    """What lies there of addresses, the first of them first, once all of them do: what lies there is gone within
    seconds, which a busy machine may need for asking. Others are asked for `also`, before them.
    """
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for path in (*also, *addresses):
            front.get(path, **headers)
        kept = [_kept(front, address) for address in addresses]
        if all(kept):
            return [one for some in kept for one in some]
    pytest.fail(f"Not all of these are kept: {addresses}")


@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk-2027/en/"])
def test_the_desk_and_what_is_nearly_called_so_are_answered_by_the_program(front: Front, path: str) -> None:
    own, through = (
        requests.get(url + path, timeout=SECONDS, allow_redirects=False)
        for url in (front.site.url, front.nginx.url)
    )
    assert through.status_code == own.status_code
    assert _path_of(through.headers.get("Location")) == _path_of(own.headers.get("Location"))


def _path_of(address: str | None) -> str:
    return urlsplit(address or "").path


def test_what_is_sent_touches_no_folder_of_the_proxy(front: Front) -> None:
    """A body of some megabytes is passed on as it comes."""
    with socket.create_connection(("127.0.0.1", int(front.nginx.url.rpartition(":")[2])), SECONDS) as line:
        head = (
            "POST /example/en/send HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        )
        line.sendall(f"{head}Content-Length: 4000000\r\n\r\n".encode() + b"x" * 3_000_000)
        time.sleep(0.3)
        assert held_in(front.nginx.folder / "bodies") == {}


A_FILE = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'


@pytest.mark.parametrize("begins", [b"", A_FILE], ids=["no form", "a file"])
@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_much_is_refused_in_words_and_not_asked_for_again(
    front: Front, chunked: bool, begins: bytes
) -> None:
    piece = b"x" * 1_000_000
    body = (begins + piece for _ in range(MAX_REQUEST_BYTES // len(piece) + 2))
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = requests.post(
        f"{front.nginx.url}/example/be/send",
        data=body if chunked else b"".join(body),
        headers=form,
        timeout=SECONDS,
    )
    assert (answer.status_code, answer.headers.get("Retry-After")) == (413, None)
    assert '<html lang="be"' in answer.text
    for name, value in fixed_headers(front.house.settings).items():
        assert answer.headers[name] == value


def test_what_is_far_too_much_is_refused_in_words_too(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", int(front.nginx.url.rpartition(":")[2])), SECONDS) as line:
        head = (
            "POST /example/be/send HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        )
        line.sendall(f"{head}Content-Length: {PASSED_ON_BYTES + 1}\r\n\r\nx".encode())
        for piece in [bytes(1_000_000)] * (PASSED_ON_BYTES // 1_000_000):
            line.sendall(piece)
        answer = HTTPResponse(line)
        answer.begin()
        assert answer.status == 413
        assert '<html lang="be"' in answer.read().decode()
    for name, value in fixed_headers(front.house.settings).items():
        assert answer.headers.get_all(name) == [value], name


def test_from_too_many_photos_the_words_come_back(front: Front) -> None:
    address = f"{front.nginx.url}/example/be/send"
    key = re.search(r'name="key" value="([^"]+)"', requests.get(address, timeout=SECONDS).text)
    assert key
    photos = [("photos", (f"{number}.jpg", bytes(20_000_000))) for number in range(4)]
    answer = requests.post(
        address, data={"key": key[1], "text": "Трымайся, Алесь!"}, files=photos, timeout=SECONDS
    )
    assert answer.status_code == 413
    assert "Трымайся, Алесь!" in answer.text


def test_nginx_would_not_write_its_memory_down(front: Front) -> None:
    for worker in _workers(front):
        assert all(0 <= limit <= 1 for limit in resource.prlimit(worker, resource.RLIMIT_CORE))


def test_lines_never_run_out_of_descriptors(front: Front) -> None:
    """Where lines run out nginx hangs up on those that rest; where descriptors do, it lets nobody in any more."""
    text = (front.nginx.folder / "nginx.conf").read_text()
    lines, files, descriptors = (
        int(re.findall(rf"{name}(\d+)", text)[0])
        for name in ("worker_connections ", "open_file_cache max=", "worker_rlimit_nofile ")
    )
    assert descriptors > lines + files
    for worker in _workers(front):
        assert resource.prlimit(worker, resource.RLIMIT_NOFILE)[0] == descriptors


def _workers(front: Front) -> list[int]:
    parent = front.nginx.process.pid
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    assert workers
    return [int(worker) for worker in workers]


def test_nobodys_address_is_written_down(front: Front) -> None:
    front.get("/nowhere")
    with socket.create_connection(("127.0.0.1", int(front.nginx.url.rpartition(":")[2])), SECONDS) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: \0\r\n\r\n")
        assert b"400" in line.recv(4000)
    own = front.site.url.encode()  # pages name the address of the site itself
    written = [
        path.name
        for path, data in held_in(front.nginx.folder).items()
        if path.name != "nginx.conf" and b"127.0.0.1" in data.replace(own, b"")
    ]
    assert written == []
