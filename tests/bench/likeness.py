"""How like two pictures are to the eye: structural similarity (Wang et al. 2004), in a few lines."""

import numpy as np
from PIL import Image

_SIGMA_PX, _RADIUS_PX = 1.5, 5
_LEVELS = 255
_STEADY_LIGHT, _STEADY_CONTRAST = (0.01 * _LEVELS) ** 2, (0.03 * _LEVELS) ** 2


def structural_similarity(one: Image.Image, other: Image.Image) -> float:
    """1 for the same picture; both must have the same size. Of lightness, as is usual."""
    x, y = (np.asarray(picture.convert("L"), dtype=np.float32) for picture in (one, other))
    mean_x, mean_y = _blurred(x), _blurred(y)
    spread_x = _blurred(x * x) - mean_x**2
    spread_y = _blurred(y * y) - mean_y**2
    together = _blurred(x * y) - mean_x * mean_y
    light = (2 * mean_x * mean_y + _STEADY_LIGHT) / (mean_x**2 + mean_y**2 + _STEADY_LIGHT)
    structure = (2 * together + _STEADY_CONTRAST) / (spread_x + spread_y + _STEADY_CONTRAST)
    return float((light * structure).mean())


def _blurred(plane: np.ndarray) -> np.ndarray:
    """Weighed by a bell of 11 x 11 pixels; the rim, where it would hang over, is cut off."""
    places = np.arange(-_RADIUS_PX, _RADIUS_PX + 1)
    bell = np.exp(-(places**2) / (2 * _SIGMA_PX**2))
    for axis in (0, 1):
        length = plane.shape[axis] - 2 * _RADIUS_PX
        plane = sum(
            weight * plane.take(range(start, start + length), axis=axis)
            for start, weight in enumerate((bell / bell.sum()).astype(np.float32))
        )
    return plane
