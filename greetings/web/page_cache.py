"""Public pages kept ready, in front of everything: routing, templates, database.

A page asked for again is answered from memory. Only answers that say themselves that anyone may share them
are kept (`headers.cacheable`, static files); never one with a cookie, an error, or a form's key. A page
belongs to its moment (see `moments`): when something that visitors see has changed, in whatever process, all
pages are forgotten. While the database doesn't say which moment it is, nothing is answered from here: better
slow than withdrawn and still shown.
"""

import hmac
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from greetings.web.headers import PAGE_CACHE, SQUEEZED, STATIC_CACHE, WILL_BE_KEPT
from greetings.web.moments import Moment, Moments
from greetings.web.squeeze import Encoding, best_encoding, is_squeezable, squeeze

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEEP_SECONDS = 60  # a page is made anew after this even if nobody said that something changed
LARGEST_BYTES = 1_000_000
LONGEST_ADDRESS = 300
QUEUES = 32
NEVER_HERE = frozenset({"desk", "media", "healthz", "metrics"})  # first parts of addresses
OWN_HEADERS = frozenset({"content-length", "etag", "vary"})

Headers = list[tuple[str, str]]
Key = tuple[str, str]


class Form(NamedTuple):
    """How a page is sent: in which encoding, and whether without the headers that the proxy adds."""

    encoding: Encoding
    is_bare: bool


class Body(NamedTuple):
    """A page in one encoding, ready to be sent."""

    headers: Headers
    data: bytes
    not_modified: Headers


class ProxyAdds(NamedTuple):
    """The proxy that adds the headers of every page by itself: the word it says, and these headers."""

    word: str
    headers: frozenset[tuple[str, str]]


class Page:
    """One page kept ready; its encodings are made when somebody first asks for them."""

    def __init__(
        self, headers: Headers, data: bytes, made_at: float, added: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        self.made_at = made_at
        self.size_bytes = len(data)
        self._data = data
        self._headers = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        told = {name.lower(): value for name, value in headers}
        self._tag = told.get("etag", "").removeprefix("W/").strip('"')
        self._squeezable = is_squeezable(told.get("content-type", ""), len(data))
        self.tags = {f'"{self._tag}{ending}"' for ending in ("", "-br", "-gzip")} if self._tag else set()
        is_usual = (added - SQUEEZED.items()).issubset(self._headers)
        self._added = added if is_usual else frozenset()  # all or none
        self._bodies: dict[Form, Body] = {}
        self.find_body = self._bodies.get  # what was asked for before, found without any work

    def body(self, form: Form) -> Body:
        """The page in an encoding that the browser takes, with or without the headers that a proxy adds."""
        found = self._bodies.get(form)
        if found is None:
            encoding, is_bare = form
            if is_bare:
                found = self._bare(self.body(Form(encoding, is_bare=False)))
            elif encoding and not self._squeezable:
                found = self.body(Form("", is_bare=False))
            else:
                found = self._in(encoding)
            self._bodies[form] = found
        return found

    def _bare(self, whole: Body) -> Body:
        headers, not_modified = (
            [header for header in said if header not in self._added]
            for said in (whole.headers, whole.not_modified)
        )
        return Body(headers, whole.data, not_modified)

    def _in(self, encoding: Encoding) -> Body:
        data = squeeze(self._data, encoding)
        headers = list(self._headers)
        if self._squeezable:
            headers += SQUEEZED.items()
        if self._tag:
            headers.append(("ETag", f'"{self._tag}{encoding and f"-{encoding}"}"'))
        not_modified = [(name, value) for name, value in headers if not name.lower().startswith("content-t")]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(data))))
        return Body(headers, data, not_modified)

    def is_had(self, untrusted_if_none_match: str) -> bool:
        """Whether the browser has this page already, in any encoding."""
        had = {tag.strip().removeprefix("W/") for tag in untrusted_if_none_match.split(",")}
        return bool(self.tags) and ("*" in had or not self.tags.isdisjoint(had))


class PageCache:
    """WSGI middleware; `most_bytes` bounds the memory of pages as they came from the application."""

    def __init__(
        self,
        app: "WSGIApplication",
        moments: Moments,
        most_bytes: int,
        proxy: ProxyAdds | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._proxy = proxy
        self._moments = moments
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._lock = threading.Lock()
        self._moment: Moment | None = None
        self._pages: dict[Key, Page] = {}
        self._kept_bytes = 0
        self._wanted: frozenset[Key] = frozenset()
        self._queues = [threading.Lock() for _ in range(QUEUES)]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        key = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if not _may_be_kept(environ, method, key):
            return self._app(environ, start_response)
        now = self._now()
        if now is None:
            return self._app(environ, start_response)
        page = self._find(key)
        if page is None and method == "HEAD":
            return self._app(environ, start_response)
        if page is None:
            with self._in_turn(key):
                page = self._find(key)
                if page is None:
                    return self._make(key, now, environ, start_response)
        return self._answer(page, environ, start_response)

    def at_hand(self, environ: Mapping[str, Any]) -> Body | None:
        """A page that can be sent this instant; None for whatever needs more than a look into memory: it must
        be asked for in the usual way, which knows everything that is left out here.
        """
        if (
            environ["REQUEST_METHOD"] != "GET"
            or "HTTP_COOKIE" in environ
            or "HTTP_RANGE" in environ
            or "HTTP_AUTHORIZATION" in environ
            or "HTTP_IF_NONE_MATCH" in environ
            or not self._moments.surely_is(self._moment)
        ):
            return None
        # looked for after the moment was told, so that it is of this one or of a later one
        page = self._find((environ["PATH_INFO"], environ.get("QUERY_STRING", "")))
        if page is None:
            return None
        return page.find_body(self._form(environ))

    def forget(self) -> None:
        """Forget every page."""
        with self._lock:
            self._drop(None)

    # ---- what the pages belong to

    def _now(self) -> Moment | None:
        """The moment; pages of another one are forgotten."""
        now = self._moments.now()
        if now is not None and now != self._moment:
            with self._lock:
                self._drop(now)
        return now

    def _drop(self, moment: Moment | None) -> None:
        if moment is None or moment != self._moment:
            self._wanted = frozenset(self._pages) or self._wanted
            self._pages.clear()
            self._kept_bytes = 0
            self._moment = moment

    # ---- pages

    def _find(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        if page is not None and self._seconds() - page.made_at > KEEP_SECONDS:
            return None
        return page

    @contextmanager
    def _in_turn(self, key: Key) -> Iterator[None]:
        """A page that many want is made by one of them while the others wait for it."""
        if key not in self._wanted:
            yield
            return
        with self._queues[hash(key) % QUEUES]:
            yield

    def _make(
        self, key: Key, moment: Moment, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ[WILL_BE_KEPT] = True
        begun: list[tuple[str, Headers]] = []

        def hold(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            if not _may_share(status, headers):
                return start_response(status, headers, exc_info)
            begun.append((status, headers))
            return lambda _data: None

        answer = self._app(environ, hold)
        if not begun:
            return answer
        try:
            data = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        page = Page(begun[-1][1], data, self._seconds(), self._proxy.headers if self._proxy else frozenset())
        self._keep(key, moment, page)
        return self._answer(page, environ, start_response)

    # ---- answers

    def _form(self, environ: Mapping[str, Any]) -> Form:
        word = environ.get("HTTP_X_PROXY_ADDS_HEADERS")
        is_bare = (
            word is not None
            and self._proxy is not None
            and hmac.compare_digest(word.encode(), self._proxy.word.encode())
        )
        return Form(best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")), is_bare)

    def _answer(
        self, page: Page, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        body = page.body(self._form(environ))
        had = environ.get("HTTP_IF_NONE_MATCH")
        if had and page.is_had(had):
            start_response("304 NOT MODIFIED", list(body.not_modified))
            return (b"",)
        start_response("200 OK", list(body.headers))
        # a list is sent in one piece
        return (b"",) if environ["REQUEST_METHOD"] == "HEAD" else [body.data]

    def _keep(self, key: Key, moment: Moment, page: Page) -> None:
        with self._lock:
            if moment != self._moment:  # something changed while the page was made
                return
            replaced = self._pages.pop(key, None)
            self._kept_bytes += page.size_bytes - (replaced.size_bytes if replaced else 0)
            self._pages[key] = page
            while self._kept_bytes > self._most_bytes and self._pages:
                oldest = next(iter(self._pages))
                self._kept_bytes -= self._pages.pop(oldest).size_bytes


def _may_be_kept(environ: "WSGIEnvironment", method: str, key: Key) -> bool:
    return (
        method in {"GET", "HEAD"}
        and key[0].lstrip("/").partition("/")[0] not in NEVER_HERE
        and len(key[0]) + len(key[1]) <= LONGEST_ADDRESS
        and "HTTP_COOKIE" not in environ
        and "HTTP_RANGE" not in environ
        and "HTTP_AUTHORIZATION" not in environ
    )


def _may_share(status: str, headers: Headers) -> bool:
    told = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200")
        and told.get("cache-control") in {PAGE_CACHE, STATIC_CACHE}
        and "set-cookie" not in told
        and "content-encoding" not in told
        and told.get("vary", SQUEEZED["Vary"]) == SQUEEZED["Vary"]
        and int(told.get("content-length", LARGEST_BYTES + 1)) <= LARGEST_BYTES
    )
