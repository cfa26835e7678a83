"""A thread that sends letters when their time has come, so that a slow mail server holds up nothing else."""

import threading

import structlog

from greetings.house import House
from greetings.moderation.digest import send_due

LOOK_SECONDS = 30

log = structlog.get_logger(__name__)


class Postman:
    """Looks every half minute whose turn it is; there is none where no mail server is named."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        if self._house.settings.mail is not None:
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LOOK_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                send_due(self._house)
            except Exception as error:  # noqa: BLE001 - the next look tries again; the thread must live
                log.warning("the postman failed", kind=type(error).__name__)
