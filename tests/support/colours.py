"""Lightness of colours, for grey print."""

from __future__ import annotations


def lightness(colour: str) -> float:
    """Return the CIE lightness L* of an sRGB colour, 0 (black) to 100 (white).

    IEC 61966-2-1 gives the linear channels, CIE 15 the lightness of their luminance.
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27
