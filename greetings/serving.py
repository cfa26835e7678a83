"""The server process that watches over the one that answers: `python -m greetings.serving THREADS`.

`greetings run` becomes this program when everything is set up. Setting up has loaded all there is, pictures
and typesetting included; a process that only watches has no use for a hundred megabytes of it.
"""

import logging
import os
import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import mp as granian_server

from greetings.reception import SERVER_KEEPS_SECONDS, Reception
from greetings.settings import CHECKOUT, Settings, load_settings

HEADER_SECONDS = 15
STOP_SECONDS = 10  # for what is being answered; what stalls must not keep the server from stopping
BACKLOG = 1024


def become_server(threads: int) -> None:
    """Go on as this program, in the same process; doesn't return."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", __name__, str(threads)])  # noqa: S606 - our own program


def serve(settings: Settings, threads: int) -> None:
    """Serve until stopped, in one process with threads: what an embedded database likes best.

    A body is read in the thread that answers it, so there is one for each that may be on its way in, beside
    those for pages. They are made when they are needed, and cost little while they wait: see `reception`.
    """
    # its only worry about us: more threads than processors, which is what they are here for (they wait)
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    Granian(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        blocking_threads_idle_timeout=SERVER_KEEPS_SECONDS,
        backlog=BACKLOG,
        http=HTTPModes.http1,  # without TLS browsers and proxies speak nothing else
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        working_dir=CHECKOUT,
    ).serve(spawn_target=_answer_requests)


def _answer_requests(*given: Any) -> None:
    """What the answering process does. The server has a place for what is called with each request, and puts
    its own translation of WSGI there; ours stands before it.
    """
    parts: Any = granian_server  # what we put in another's place has no public name
    translate = parts._wsgi_call_wrap  # noqa: SLF001

    def receive(app: Any, *options: Any) -> Reception:
        lies_nothing_ready = not hasattr(app.wsgi_app, "at_hand")  # there may be no page cache
        find_answer = (lambda _environ: None) if lies_nothing_ready else app.wsgi_app.at_hand
        return Reception(find_answer, translate(app, *options))

    parts._wsgi_call_wrap = receive  # noqa: SLF001
    Granian._spawn_wsgi_worker(*given)  # noqa: SLF001


if __name__ == "__main__":
    serve(load_settings(os.environ), int(sys.argv[1]))
