"""What a sender never meant to tell is in no byte of the data folder or the log, and what was taken back is gone.

A real server, real phone photos with position and camera in them, and a sender whose address, browser and file
names would be recognised anywhere.
"""

import re
import resource
import time
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path

import pillow_heif
import pyotp
import pytest
import requests
from PIL import Image

from tests.browser.patience import PATIENCE_SECONDS
from tests.browser.site import PASSWORD, Site
from tests.folders import held_in

ADDRESS = "203.0.113.77"
ADDRESS_SIX = "2001:db8:7e57:feed::77"
BROWSER = "Zubrovka/7.31 (recognisable; build 48151623)"
FILE_NAME = "babulia-na-lecishchy"
CAME_FROM = "https://neighbours.example/whispers"
SEEN, SEEN_BETTER = "Гарлачык з касачамі", "Гарлачык, а ў ім касачы"
NAME, TOWN, ORGANISATION, OFFICE = "Параскева Незабудка", "Крапіўнаўка", "Таварыства васількоў", "Скарбніца"
NOTE, CONCERN, SLIP = "Папытацца ў млынаркі", "Пазнаюць па вышыванцы", "Жаўтаперыя кнігаўкы"
WORDS = "Жаўтаперыя кнігаўкі вярнуліся на сажалку"
CAMERAS = ("Apple", "iPhone", "samsung", "SAMSUNG", "SM-G9")
METADATA = (b"Exif\x00\x00", b"http://ns.adobe.com/xap", b"Photoshop 3.0", b"ICC_PROFILE", b"GPSLatitude")
GPS_FOLDER = 0x8825
LATITUDE, LONGITUDE = 2, 4
GONE_SECONDS = 60
MOST_TRIES = 5
HIDDEN = re.compile(r'<input type="hidden"[^>]*?name="([^"]+)" value="([^"]*)"')


class Person:
    """Somebody with a browser of their own, on a real server."""

    def __init__(self, site: Site, **headers: str) -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers.update(headers)

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.site.url + path, timeout=PATIENCE_SECONDS)

    def post(self, path: str, page: requests.Response, **facts: object) -> requests.Response:
        """Send the form of a page that leads to that path, with its hidden fields."""
        form = page.text[max(page.text.find(f'action="{path}"'), 0) :].split("</form>", 1)[0]
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        files = facts.pop("files", None)
        return self.http.post(
            self.site.url + path,
            data={**hidden, **facts},
            files=files,  # type: ignore[arg-type]
            timeout=PATIENCE_SECONDS,
            headers={"Origin": self.site.url},
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site.start(tmp_path_factory.mktemp("disk") / "data", prints=False, GREETINGS_TRUSTED_PROXIES="1")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def photos(corpus: Path) -> list[Path]:
    found = sorted((corpus / "phones").iterdir())
    assert len(found) >= 5
    return found


def sender(site: Site, address: str = ADDRESS) -> Person:
    return Person(site, **{"User-Agent": BROWSER, "X-Forwarded-For": address, "Referer": CAME_FROM})


def moderator(site: Site) -> Person:
    person = Person(site)
    path = site.sign_in_link.removeprefix(site.url)
    page = person.get(path)
    page = person.post(path, page, name="Ana", email="ana@example.org", password=PASSWORD)
    shown = re.search(r'id="totp-secret"[^>]*>(.+?)</div>', page.text)
    assert shown
    secret = re.sub(r"</?span>", "", shown[1])
    done = person.post(path, page, code=pyotp.TOTP(secret).now())
    assert done.status_code == 200
    return person


def send(person: Person, photos: list[Path]) -> str:
    """Send a greeting with these photos and give its code. On a machine with other work even an honest photo can
    take longer than a decoder has: then it is sent once more, as anybody would.
    """
    for _ in range(MOST_TRIES):
        receipt = sent(person, photos)
        if "took_too_long" not in receipt.text:
            break
    assert receipt.status_code == 201, re.findall(r'class="err".*', receipt.text)
    code = re.search(r'id="receipt-code">([^<]+)<', receipt.text)
    assert code
    return code[1].strip()


def sent(person: Person, photos: list[Path]) -> requests.Response:
    page = person.get("/ales/be/send")
    kinds = {".heic": "image/heic", ".jpg": "image/jpeg"}
    files = [
        ("photos", (f"{FILE_NAME}-{place}{photo.suffix}", photo.read_bytes(), kinds[photo.suffix]))
        for place, photo in enumerate(photos)
    ]
    return person.post(
        "/ales/be/send", page, text=f"{SLIP}. {WORDS}", name=NAME, town=TOWN, country="BY", organisation=ORGANISATION,
        office=OFFICE, descriptions="\n".join([SEEN] * len(photos)), uses=["gallery", "post", "events"], agreed="1", kind="photo", files=files,
    )  # fmt: skip


def every_byte(site: Site) -> dict[str, bytes]:
    """Every file of the installation, and what the server said."""
    held = {str(path.relative_to(site.data)): data for path, data in held_in(site.data).items()}
    return {**held, "the log": site.log.encode()}


def where(site: Site, *wanted: bytes) -> list[str]:
    """Files in which one of these stands, and which of them it is."""
    return [f"{name}: {what!r}" for name, held in every_byte(site).items() for what in wanted if what in held]


def is_in_database(site: Site, *wanted: bytes) -> bool:
    """Whether one of these stands where words go last: in the database or its log."""
    held = [data for path, data in held_in(site.data).items() if path.name.startswith("greetings.sqlite")]
    return any(what in data for data in held for what in wanted)


def spelt(*texts: str) -> list[bytes]:
    """Texts as a file could hold them: as they are, in small letters, or as a UTF-16 string or JSON."""
    forms = {form for text in texts for form in (text, text.lower(), text.casefold(), text.upper())}
    return [
        *(form.encode() for form in forms),
        *(form.encode("utf-16-le") for form in forms),
        *(ascii(form)[1:-1].encode() for form in forms if not form.isascii()),
    ]


def positions(photo: Path) -> list[bytes]:
    """The coordinates of a photo as the twenty-four bytes in which EXIF writes them, in both byte orders."""
    if photo.suffix == ".heic":
        pillow_heif.register_heif_opener()
    with Image.open(photo) as picture:
        gps = picture.getexif().get_ifd(GPS_FOLDER)
    written = []
    for tag in (LATITUDE, LONGITUDE):
        parts = [number for part in gps.get(tag, ()) for number in (part.numerator, part.denominator)]
        if any(parts):  # some of these were emptied by whoever gave them away
            written += [b"".join(part.to_bytes(4, order) for part in parts) for order in ("big", "little")]
    return written


def look_around(person: Person) -> str:
    """Open what a visitor opens; returns the permalink."""
    wall = person.get("/ales/be/greetings/").text
    permalink = re.search(r'href="(/ales/be/greetings/[^/"?]+)"', wall)
    assert permalink
    for path in re.findall(r'(?:src|href)="(/media/[^"]+)"', wall):
        assert person.get(path).status_code == 200
    for path in (
        "/ales/be/",
        "/ales/be/feed.atom",
        "/ales/be/screen",
        "/ales/be/nowhere",
        f"/ales/be/greetings/?q={TOWN}",
        permalink[1],
    ):
        person.get(path)
    return permalink[1]


def decide(person: Person) -> None:
    page = person.get("/desk/queue")
    action = re.search(r'action="(/desk/greetings/[^"]+/approve)"', page.text)
    assert action
    here = action[1].removesuffix("/approve")
    page = person.get(here)
    assert person.post(f"{here}/note", page, note=NOTE).status_code == 200
    page = person.get(f"{here}/edit")
    mended = person.post(
        f"{here}/edit",
        page,
        text=WORDS,
        name=NAME,
        town=TOWN,
        organisation=ORGANISATION,
        office=OFFICE,
    )
    assert mended.status_code == 200
    page = person.get(f"{here}/describe")
    assert person.post(f"{here}/describe", page, **{"description-1": SEEN_BETTER}).status_code == 200
    page = person.get("/desk/queue")
    assert person.post(f"{here}/approve", page).status_code == 200


def test_no_process_of_the_server_would_write_its_memory_down(site: Site):
    """One that breaks would leave in its folder, for good, what was being sent at that moment."""
    processes, looked_at = [site.process.pid], 0
    for process in processes:
        with suppress(FileNotFoundError, ProcessLookupError):  # a decoder goes when its picture is read
            processes += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
            said = Path(f"/proc/{process}/cmdline").read_bytes()
            soft, hard = resource.prlimit(process, resource.RLIMIT_CORE)
            looked_at += 1
            assert 0 <= soft <= 1, said
            assert 0 <= hard <= 1
    assert looked_at >= 2


def test_nothing_of_the_sender_but_what_they_gave_is_written_down(site: Site, photos: list[Path]):
    coordinates = [position for photo in photos for position in positions(photo)]
    assert len(coordinates) >= 8, "the photos of this test carry positions"
    assert any(coordinate in photo.read_bytes() for photo in photos for coordinate in coordinates)

    someone = sender(site)
    code = send(someone, photos)
    sender(site, ADDRESS_SIX).post(
        "/ales/be/send",
        someone.get("/ales/be/send"),
        text="",
        files=[("photos", (f"{FILE_NAME}.jpg", b"no", "image/jpeg"))],
    )
    desk = moderator(site)
    decide(desk)
    permalink = look_around(someone)

    told = spelt(ADDRESS, ADDRESS_SIX, BROWSER, "Zubrovka", FILE_NAME, CAME_FROM, "neighbours.example")
    assert not where(site, *told, *coordinates, *METADATA, *spelt(*CAMERAS))
    report = someone.get(f"{permalink}/report")
    assert someone.post(f"{permalink}/report", report, concern="wrong", note=CONCERN).status_code == 200
    for written in (NOTE, CONCERN, SLIP, SEEN, SEEN_BETTER):
        assert where(site, written.encode()), f"{written} was kept"
    words = spelt(
        NAME, TOWN, ORGANISATION, OFFICE, SEEN, SEEN_BETTER, NOTE, CONCERN, SLIP, *WORDS.split()[:2]
    )
    assert where(site, *words), "so far the greeting itself is there to be found"
    assert not [
        line for line in where(site, *words) if line.startswith(("the log", "audit-head", "erasures"))
    ]

    _is_gone_after_withdrawal(site, someone, code, permalink, words)


def _is_gone_after_withdrawal(
    site: Site, someone: Person, code: str, permalink: str, words: list[bytes]
) -> None:
    pieces = [
        held[len(held) // 2 : len(held) // 2 + 48]
        for name, held in every_byte(site).items()
        if name.startswith(("files/private/", "files/public/"))
    ]
    assert len(set(pieces)) >= 15, "three renditions of every photo"
    page = someone.post(
        "/ales/be/receipt", someone.get("/ales/be/receipt"), code=code, do="withdraw", sure="1"
    )
    assert 'data-state="withdrawn"' in page.text
    begun = time.monotonic()
    assert someone.get(permalink).status_code == 410
    assert not held_in(site.data / "files" / "private")
    while is_in_database(site, *words, *pieces) and time.monotonic() - begun < GONE_SECONDS:
        time.sleep(1)
    left = where(site, *words, *pieces)
    assert not left, left
