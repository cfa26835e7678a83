"""The configuration of nginx in front, filled in from this installation's settings; see deploy/nginx.conf."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from greetings.keys import Keys
from greetings.settings import CHECKOUT, Settings
from greetings.submissions.rules import MAX_REQUEST_BYTES
from greetings.web.arrivals import SAID_ONLY_BYTES
from greetings.web.headers import (
    EMBEDDED,
    FIXED,
    MEDIA_CACHE,
    PAGE_CACHE,
    PICTURE,
    STATIC_CACHE,
    fixed_headers,
    page_headers,
    picture_headers,
    proxy_word,
)

DEPLOY = CHECKOUT / "deploy"
PUBLIC = "public"
# more than one sending may hold, so that the program can give back the words before photos that are too many
PASSED_ON_BYTES = 4 * MAX_REQUEST_BYTES
NEVER_SAID = ("X-Powered-By",)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where the program listens, seen from beside it


@dataclass(frozen=True, slots=True)
class ProxyPlace:
    """Where nginx runs: as whom, in which folder (in memory), on which address, with whose certificates."""

    user: str = "www-data"
    folder: Path = Path("/run/greetings-nginx")
    listen: str = ""
    certificates: Path | None = None


def nginx_configuration(settings: Settings, place: ProxyPlace, keys: Keys | None = None) -> str:
    """The whole configuration as text. With the installation's keys nginx can tell the program that it adds
    the headers of every page by itself; without them every page comes with its own.
    """
    name = urlsplit(settings.url).hostname or ""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = _choose(text, "tls", "plain", is_chosen=settings.is_https)
    # only IPv6 has networks to look for, and it costs each request
    text = _choose(text, "networks", "addresses", is_chosen=place.listen.startswith("["))
    site = (DEPLOY / "nginx-site.conf").read_text(encoding="utf-8")
    text = re.sub(r"^( *)# \[site\]\n", lambda found: _indented(site, found[1]), text, flags=re.MULTILINE)
    host = EVERYWHERE.get(settings.host, settings.host)
    values = {
        "USER": place.user,
        "FOLDER": str(place.folder),
        "LISTEN": place.listen or ("443" if settings.is_https else "80"),
        "CERTIFICATES": str(place.certificates or Path("/etc/letsencrypt/live") / name),
        "HOST": f"[{host}]" if ":" in host else host,
        "PORT": str(settings.port),
        "URL": settings.url,
        "PUBLIC": str(settings.files / PUBLIC),
        "MEDIA_CACHE": MEDIA_CACHE,
        "PAGE_CACHE": PAGE_CACHE,
        "STATIC_CACHE": STATIC_CACHE,
        "LIMIT": str(PASSED_ON_BYTES),
        "OVER_THE_LIMIT": str(MAX_REQUEST_BYTES + SAID_ONLY_BYTES),
        "ADDS_HEADERS": proxy_word(settings, keys) if keys else "",  # nginx sends no header that is empty
    }
    for place_holder, lines in _headers(settings, is_page_bare=keys is not None).items():
        text = _filled(text, place_holder, lines)
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], text)


def _choose(text: str, section: str, other: str, *, is_chosen: bool) -> str:
    """One of two sections, and nothing of the other."""
    kept, dropped = (section, other) if is_chosen else (other, section)
    text = re.sub(rf"^ *# \[{dropped}\]\n.*?# \[/{dropped}\]\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(rf"^ *# \[/?{kept}\]\n", "", text, flags=re.MULTILINE)


def _indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _headers(settings: Settings, *, is_page_bare: bool) -> dict[str, list[str]]:
    """Lines that say the headers of every page. nginx says them by itself, whatever the program says, which
    costs it least. In the few places where an answer may have some of them in its own way it looks for these.
    """
    values = fixed_headers(settings)
    of_pages = page_headers(settings) if is_page_bare else values
    own = {name: "$" + name.lower().replace("-", "_") for name in values if name in EMBEDDED | PICTURE}
    always = _said(values)
    hidden = {name: f"proxy_hide_header {name};" for name in (*NEVER_SAID, *values)}
    return {
        "HEADERS": list(always.values()),
        "PAGE_HEADERS": list(_said(of_pages).values()),
        "HEADERS_WITHOUT_TLS": [line for name, line in always.items() if name in FIXED],
        "PICTURE_HEADERS": list(_said(picture_headers(settings)).values()),
        "HEADERS_HIDDEN": list(hidden.values()),
        "HEADERS_OR_ITS_OWN": [
            *(line for name, line in hidden.items() if name not in own),
            *(
                f"add_header {name} {own[name]} always;" if name in own else line
                for name, line in always.items()
            ),
        ],
        "HEADER_MAPS": [
            f'map $is_left {variable} {{ 1 "{values[name]}"; default ""; }}' for name, variable in own.items()
        ],
    }


def _said(headers: dict[str, str]) -> dict[str, str]:
    return {name: f'add_header {name} "{value}" always;' for name, value in headers.items()}


def _filled(text: str, name: str, lines: list[str]) -> str:
    """The lines in the place of a line that holds nothing but a name, as far to the right as it stands."""
    return re.sub(
        rf"^( *)@{name}@\n",
        lambda found: "".join(f"{found[1]}{line}\n" for line in lines),
        text,
        flags=re.MULTILINE,
    )
