"""The sign of the site in tabs, bookmarks and on a telephone's first screen, for browsers of every age."""

import io

import pytest
from PIL import Image

from tests.pages import PageClient, tree_of


@pytest.mark.parametrize("path", ["/ales/be/", "/ales/be/posters/phone", "/desk/sign-in"])
def test_every_browser_finds_a_sign_that_it_can_draw(client: PageClient, path: str) -> None:
    links = {
        (link.get("rel"), link.get("sizes", "any")): link.get("href", "")
        for link in tree_of(client.get(path)).iter("link")
        if "icon" in link.get("rel", "")
    }
    assert client.get(links["icon", "any"]).mimetype == "image/svg+xml"
    for kind, side in (("icon", 32), ("apple-touch-icon", 512)):
        answer = client.get(links[kind, f"{side}x{side}"])
        assert answer.mimetype == "image/png"
        with Image.open(io.BytesIO(answer.data)) as sign:
            assert sign.size == (side, side)
            # what is clear becomes black on a telephone
            assert sign.has_transparency_data == (kind == "icon")
