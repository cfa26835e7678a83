"""Doors for the operator: is it alive, and a few figures for the machine's own monitoring."""

from flask import Blueprint, Response, abort, request
from sqlalchemy import text

from greetings.operations.figures import figures
from greetings.web.context import house, session

blueprint = Blueprint("operations", __name__)

LOOPBACK = {"127.0.0.1", "::1"}


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when the database answers."""
    session().execute(text("SELECT 1"))
    return Response("well\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures in the text format of Prometheus; on the loopback only, and never through a proxy."""
    if request.remote_addr not in LOOPBACK or "X-Forwarded-For" in request.headers:
        abort(404)
    lines = [
        f"# TYPE greetings_{name} gauge\ngreetings_{name} {value}"
        for name, value in figures(house(), session()).items()
    ]
    return Response("\n".join([*lines, ""]), mimetype="text/plain; version=0.0.4")
