"""The files of a photo: which renditions it has, under which keys, and which of them may be public."""

from greetings.imaging import DISPLAY, MASTER, RENDITIONS, THUMB, Rendition
from greetings.storage import Storage
from greetings.submissions.models import EarlierPicture, Photo

PUBLIC_RENDITIONS = (DISPLAY, THUMB)
PRIVATE = "private"
PUBLIC = "public"

__all__ = ["DISPLAY", "MASTER", "PUBLIC_RENDITIONS", "RENDITIONS", "THUMB"]


def private_key(private_name: str, rendition: Rendition) -> str:
    """Where a rendition lies that only the desk may see."""
    return f"{PRIVATE}/{private_name[:2]}/{private_name}-{rendition.name}{rendition.suffix}"


def public_file_name(public_name: str, rendition: Rendition) -> str:
    """The file's name below `/media/`."""
    return f"{public_name}-{rendition.name}{rendition.suffix}"


def public_key(public_name: str, rendition: Rendition) -> str:
    """Where a rendition lies while anyone may see it; a proxy may serve this folder."""
    return f"{PUBLIC}/{public_file_name(public_name, rendition)}"


def private_keys(photo: Photo | EarlierPicture) -> list[str]:
    """All files of a photo that exist as long as it does."""
    return [private_key(photo.private_name, rendition) for rendition in RENDITIONS]


def public_keys(public_name: str) -> list[str]:
    """All files of a photo that exist only while it is public."""
    return [public_key(public_name, rendition) for rendition in PUBLIC_RENDITIONS]


def delete_all(storage: Storage, keys: list[str]) -> None:
    """Delete files; what isn't there is fine."""
    storage.delete(*keys)
