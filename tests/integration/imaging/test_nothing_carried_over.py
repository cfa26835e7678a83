"""Pillow writes what it has read beside the pixels (a comment, a profile) into what it saves, if it is let."""

import io

import pytest
from PIL import Image, ImageCms

from greetings.imaging import decoder
from greetings.imaging.protocol import Formats, Request, Task

COMMENT = b"what its sender never wanted to send"


@pytest.mark.parametrize("size", [(64, 48), (3000, 2000)], ids=["as it is", "reduced"])
def test_no_rendition_holds_the_comment_or_the_profile_of_the_file(size: tuple[int, int]) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    held = io.BytesIO()
    Image.new("RGB", size).save(held, "JPEG", comment=COMMENT, icc_profile=profile)
    drawn = decoder.take_in(held.getvalue(), Request(Task.TAKE_IN, Formats.JPEG, 50_000_000, 20_000))
    for data in drawn.renditions:
        assert COMMENT not in data
        assert not {"comment", "icc_profile", "exif", "xmp"} & Image.open(io.BytesIO(data)).info.keys()
