"""The desk's seats, for those who walk through every door."""

from tests.web.moderation.conftest import seat

__all__ = ["seat"]
