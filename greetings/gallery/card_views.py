"""Pictures for links to the action and to single greetings."""

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from greetings.actions.service import ActionPage
from greetings.errors import NotFound
from greetings.gallery.cards import draw_action, draw_greeting
from greetings.gallery.views import get_shown
from greetings.typesetting import Unprintable
from greetings.web.context import house
from greetings.web.headers import cacheable, shown_elsewhere
from greetings.web.limits import CARDS, CARDS_WIDELY, asking_wide_network, limiter

blueprint = Blueprint("cards", __name__)

JPEG = "image/jpeg"


@blueprint.get("/embed/<slug:action_slug>/<language:language>/card.jpg")
@limiter.limit(CARDS)
@limiter.limit(CARDS_WIDELY, key_func=asking_wide_network)
@cacheable
@shown_elsewhere
def of_action() -> ResponseReturnValue:
    """What a link to the action shows."""
    action: ActionPage = g.action
    try:
        return Response(draw_action(action), content_type=JPEG)
    except Unprintable as problem:
        raise NotFound("card.jpg") from problem


@blueprint.get("/embed/<slug:action_slug>/<language:language>/greetings/<greeting_id>/card.jpg")
@limiter.limit(CARDS)
@limiter.limit(CARDS_WIDELY, key_func=asking_wide_network)
@cacheable
@shown_elsewhere
def of_greeting(greeting_id: str) -> ResponseReturnValue:
    """What a link to a greeting shows; as public as the greeting itself."""
    action: ActionPage = g.action
    shown = get_shown(greeting_id)
    try:
        card = draw_greeting(house(), action, shown)
    except Unprintable as problem:
        raise NotFound(greeting_id) from problem
    response = Response(card, content_type=JPEG)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
