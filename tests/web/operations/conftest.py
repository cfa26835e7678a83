"""The desk's seats, for those who walk through every door."""

from tests.web.moderation.conftest import seat, volha

__all__ = ["seat", "volha"]
