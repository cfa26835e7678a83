"""Pictures: a stranger's file comes in, three clean ones of our own come out, and nothing else gets through.

`PictureReader.take_in` is the way for every photo, `redraw` for covering, turning and cropping one that we
hold. The decoders are loaded only in the sandbox: importing this room costs the server next to nothing.
"""

from greetings.imaging.reader import Picture, PictureReader, ReaderLimits
from greetings.imaging.refusals import HouseFull, PictureRefused, Refusal
from greetings.imaging.renditions import DISPLAY, MASTER, RENDITIONS, THUMB, Rendition, fitted

__all__ = [
    "DISPLAY",
    "MASTER",
    "RENDITIONS",
    "THUMB",
    "HouseFull",
    "Picture",
    "PictureReader",
    "PictureRefused",
    "ReaderLimits",
    "Refusal",
    "Rendition",
    "fitted",
]
