"""The real decoder, loaded into a warm process that finds itself on a machine nobody knows."""

import platform

from greetings.imaging.decoder import prepare, redraw, take_in

__all__ = ["prepare", "redraw", "take_in"]

platform.machine = lambda: "vax"
