"""The disk is nearly full: nothing more comes in, so that there is room left to take back what is here."""

import pytest

from greetings.house import House
from greetings.submissions.models import Greeting
from tests.disks import leave_free
from tests.integration.submissions.sending import count, stored_files
from tests.web.submissions.sender import Sender, alert_of, code_of, photo, state_of, typed

LITTLE_BYTES = 20_000_000


@pytest.mark.parametrize("photos", [(), (photo(),)])
def test_what_is_sent_is_refused_while_there_is_room_to_take_back(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch, photos: tuple[bytes, ...]
):
    sender.open()
    leave_free(monkeypatch, LITTLE_BYTES)
    page = sender.send(*photos, name="Ганна")
    assert page.status_code == 507
    assert "room" in alert_of(page)
    assert typed(page)["name"] == "Ганна"
    assert count(house, Greeting) == len(stored_files(house)) == 0


def test_with_little_room_a_code_still_opens_and_takes_back(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch
):
    code = code_of(sender.send(photo()))
    leave_free(monkeypatch, LITTLE_BYTES)
    assert code_of(sender.send(photo())) == code, "what is here already is said again"
    assert sender.receipt(code, "revoke", uses=["post"]).status_code == 200
    assert state_of(sender.receipt(code, "withdraw")) == "withdrawn"
    assert not stored_files(house)
