"""Why a file was refused, in words: what happened, and what its sender can do."""

from flask_babel import gettext, lazy_gettext

from greetings.imaging import PictureRefused, Refusal
from greetings.web.templating import number

MEGA = 1_000_000

SENTENCES = {
    Refusal.EMPTY: lazy_gettext("the file is empty. Please choose it once more, or another one."),
    Refusal.NOT_A_PICTURE: lazy_gettext(
        "this isn’t a picture. Please choose a photo: JPEG, HEIC, PNG, WebP or AVIF."
    ),
    Refusal.A_VIDEO: lazy_gettext("this is a video. Please send a photo instead: one frame of it will do."),
    Refusal.A_DOCUMENT: lazy_gettext("this is a document. Please send its page as a photo or a screenshot."),
    Refusal.A_SOUND: lazy_gettext(
        "this is a sound recording. Please send a photo instead, or write your words."
    ),
    Refusal.AN_ARCHIVE: lazy_gettext(
        "this is an archive. Please take the photos out of it and choose them one by one."
    ),
    Refusal.A_GIF: lazy_gettext("this is a GIF. Please send a photo instead, or a screenshot of it."),
    Refusal.A_VECTOR_DRAWING: lazy_gettext(
        "this is a drawing made of lines (SVG). Please save it as PNG, or take a screenshot of it."
    ),
    Refusal.A_TIFF_OR_RAW: lazy_gettext(
        "this is a TIFF, or the raw data of a camera. Please save it as JPEG and choose it again."
    ),
    Refusal.FORMAT_NOT_SUPPORTED: lazy_gettext(
        "we can’t open this kind of picture. Please save it as JPEG or PNG and choose it again."
    ),
    Refusal.DISAGREEING: lazy_gettext(
        "the file isn’t the kind of picture it says it is. Please save it anew, or take a screenshot."
    ),
    Refusal.BROKEN: lazy_gettext(
        "the file is damaged or ends in the middle. Please choose it once more, or take a screenshot of it."
    ),
    Refusal.TOOK_TOO_LONG: lazy_gettext(
        "it took us too long to open this picture. Please send a smaller one, or a screenshot of it."
    ),
    Refusal.TOO_MUCH_MEMORY: lazy_gettext(
        "this picture needs more room to open than we have. Please send a smaller one, or a screenshot of it."
    ),
    Refusal.READER_FAILED: lazy_gettext(
        "we couldn’t open this picture. Please save it anew, or take a screenshot of it and send that."
    ),
}


def sentence(refused: PictureRefused) -> str:
    """What happened to one file, and what to do about it."""
    facts = refused.facts
    if refused.code is Refusal.TOO_MANY_BYTES:
        return gettext(
            "the file is larger than %(most)s MB. Please send a smaller one, or a screenshot of it.",
            most=number(facts["max_bytes"] // MEGA),
        )
    if refused.code is Refusal.TOO_MANY_PIXELS and facts.get("frames", 1) > 1:
        return gettext(
            "this moving picture has more than %(most)s megapixels, all frames together. "
            "Please send one of them, such as a screenshot.",
            most=number(facts["max_pixels"] // MEGA),
        )
    if refused.code is Refusal.TOO_MANY_PIXELS:
        return gettext(
            "the picture has more than %(most)s megapixels. Please send a smaller one, or a screenshot.",
            most=number(facts["max_pixels"] // MEGA),
        )
    if refused.code is Refusal.EDGE_TOO_LONG:
        return gettext(
            "the picture is longer than %(most)s pixels. Please send a part of it.",
            most=number(facts["max_edge_px"]),
        )
    return str(SENTENCES[refused.code])


def about_file(place: int, untrusted_name: str, refused: PictureRefused) -> str:
    """The same, naming the file by its place and, on this one answer only, by the name its sender knows."""
    facts = {"place": number(place), "name": untrusted_name, "what": sentence(refused)}
    if not untrusted_name:
        return gettext("Photo %(place)s: %(what)s", **facts)
    return gettext("Photo %(place)s (%(name)s): %(what)s", **facts)
