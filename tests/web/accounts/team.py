"""People of the desk as tests need them: they read pages, fill in forms, and have an authenticator."""

import html
import re
from dataclasses import dataclass, field

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from greetings.accounts.service import first_organiser_link, invite
from greetings.house import House

HIDDEN = re.compile(r'<input type="hidden"[^>]*?name="([^"]+)" value="([^"]*)"')
FOLDED = re.compile(r'data-unfold="([^"]*)"')
ACTION = re.compile(r'<form class="form[^"]*" method="post" action="([^"]*)"')
SECRET = re.compile(r'id="totp-secret"[^>]*>((?:<span>[A-Z2-7]{4}</span>)+)</div>')
CODES = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")
PASSWORD = "three green kettles sing"
STEP = 30


def unfolded(response: TestResponse) -> str:
    """A page with what only scripts can serve."""
    page = response.get_data(as_text=True)
    return page + "".join(map(html.unescape, FOLDED.findall(page)))


def hidden_fields(response: TestResponse) -> dict[str, str]:
    """Every hidden field of a page, as a browser would send it back."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(unfolded(response))}


def secret_on(page: TestResponse) -> str:
    """The authenticator's secret that a page shows in fours; empty where it shows none."""
    found = SECRET.search(page.get_data(as_text=True))
    return re.sub(r"</?span>", "", found[1]) if found else ""


def form_url(response: TestResponse) -> str:
    """Where a page sends its form."""
    found = ACTION.search(response.get_data(as_text=True))
    return html.unescape(found[1]) if found else response.request.full_path.rstrip("?")


@dataclass
class Person:
    """Somebody with an e-mail address, a password and, after joining, an authenticator."""

    house: House
    name: str = "Ana"
    email: str = "ana@example.org"
    password: str = PASSWORD
    secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps_later: int = 0) -> str:
        moment = int(self.house.clock().timestamp()) + steps_later * STEP
        return pyotp.TOTP(self.secret).at(moment)

    def begin_joining(self, client: FlaskClient, link: str) -> TestResponse:
        path = path_of(link)
        page = client.get(path)
        fields = {**hidden_fields(page), "name": self.name, "email": self.email, "password": self.password}
        answer = client.post(form_url(page), data=fields)
        self.secret = secret_on(answer) or self.secret
        return answer

    def join(self, client: FlaskClient, link: str) -> TestResponse:
        """Join and be signed in; uses the code of the step before, so that the present one is left."""
        page = self.begin_joining(client, link)
        answer = client.post(form_url(page), data={**hidden_fields(page), "code": self.code(-1)})
        self.recovery_codes = CODES.findall(answer.get_data(as_text=True))
        return answer

    def give_password(
        self, client: FlaskClient, path: str = "/desk/sign-in", password: str | None = None
    ) -> TestResponse:
        page = client.get(path)
        fields = {**hidden_fields(page), "email": self.email, "password": password or self.password}
        return client.post(form_url(page), data=fields)

    def give_code(
        self, client: FlaskClient, code: str | None = None, path: str = "/desk/sign-in"
    ) -> TestResponse:
        page = client.get(path)
        return client.post(
            form_url(page), data={**hidden_fields(page), "code": self.code() if code is None else code}
        )

    def sign_in(self, client: FlaskClient, path: str = "/desk/sign-in") -> TestResponse:
        """Both stages, and half a minute later, so that the next code is a new one."""
        assert self.give_password(client, path).status_code == 303
        answer = self.give_code(client, path=path)
        self.house.clock.forward(seconds=STEP)  # type: ignore[attr-defined]
        return answer


def path_of(link: str) -> str:
    """The path of a whole address."""
    return "/" + link.split("/", 3)[3]


def first_link(house: House) -> str:
    """The link of the first organiser."""
    with house.database.work() as session:
        link = first_organiser_link(house, session)
    assert link is not None
    return link


def new_link(house: House, role: str = "moderator") -> str:
    """An invitation."""
    from greetings.accounts.rules import Role

    with house.database.work() as session:
        return invite(house, session, Role(role))


def token_of(client: FlaskClient) -> str:
    """The token that the forms of a signed-in browser carry."""
    return hidden_fields(client.get("/desk/account"))["csrf_token"]


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form of the desk as its own page would."""
    return client.post(path, data={"csrf_token": token_of(client), **fields})
