"""One calm line an event, on standard error, for the operator; without addresses, names or content."""

import logging
import sys

import structlog

from greetings.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Send our events and the warnings of libraries to standard error, as text or JSON."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%MZ", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # libraries may put a request's content into their messages: only that they warn, and who
    form = "%(levelname)s from %(name)s"
    logging.basicConfig(level=logging.WARNING, format=form, stream=sys.stderr, force=True)
