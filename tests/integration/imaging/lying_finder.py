"""A finder of faces that an attacker has taken over: names a box that isn't in the picture, or dies."""

import os

from greetings.imaging.protocol import Box, Request, Task


def prepare() -> None:
    """Nothing has to be made ready for a lie."""


def find_faces(master: bytes, request: Request) -> list[Box]:
    if request.task is Task.SEARCH_FOR_FACES:
        os.abort()
    return [(0, 0, 4096, 4096)]
