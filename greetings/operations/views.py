"""Doors for the operator: is it alive, and a few figures for the machine's own monitoring."""

from flask import Blueprint, Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy import text

from greetings.operations.figures import FiguresOfTheHour
from greetings.web.context import house, session

blueprint = Blueprint("operations", __name__)

LOOPBACK = {"127.0.0.1", "::1"}
FIGURES = "greetings-figures"


@blueprint.record_once
def _begin_counting(state: BlueprintSetupState) -> None:
    state.app.extensions[FIGURES] = FiguresOfTheHour()


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when the database answers."""
    session().execute(text("SELECT 1"))
    return Response("well\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures of this hour, in the format of Prometheus; on the loopback only, and never through a proxy."""
    if request.remote_addr not in LOOPBACK or "X-Forwarded-For" in request.headers:
        abort(404)
    counted: FiguresOfTheHour = current_app.extensions[FIGURES]
    lines = [
        f"# TYPE greetings_{name} gauge\ngreetings_{name} {value}"
        for name, value in counted.read(house(), session()).items()
    ]
    return Response("\n".join([*lines, ""]), mimetype="text/plain; version=0.0.4")
