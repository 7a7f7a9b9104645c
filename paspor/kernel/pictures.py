"""A picture that somebody sends is never kept: its pixels are written anew.

What it claims to be, its name and its metadata (place, device, hidden text, colour
profile, anything behind its end) are left behind with it.
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from math import sqrt
from typing import IO

from PIL import Image, ImageOps

from paspor.kernel.errors import N_, Invalid

MEDIA_TYPE = "image/webp"
MOST_BYTES = 5 * 1024 * 1024
# Looked at before any pixel is unpacked: a small file may unpack to gigabytes.
MOST_PIXELS = 16_000_000
LONGEST_SIDE = 16_000  # WebP holds no more than 16,383
# A photo of a screen stays legible; a long page may be long.
KEPT_PIXELS = 4_000_000
QUALITY = 80
QUICK = 1  # a second for the worst of pictures, where the usual method takes two
READ = ("PNG", "JPEG", "WEBP")
# What Pillow raises for a file that is not what it seems, or is cut off.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureRefused(Invalid):
    code = "picture_refused"
    message = N_("Ini bukan gambar yang dapat dibaca. Kirim gambar PNG, JPEG, atau WebP.")


class PictureHeavy(PictureRefused):
    code = "picture_heavy"
    message = N_("Gambar ini lebih dari 5 MB. Kirim yang lebih kecil.")


class PictureWide(PictureRefused):
    code = "picture_wide"
    message = N_("Gambar ini terlalu lebar atau terlalu tinggi. Kirim yang lebih kecil.")


@dataclass(frozen=True, repr=False)
class Picture:
    """WebP of our own writing; only ``read`` makes one."""

    data: bytes
    width: int
    height: int


def read(file: IO[bytes]) -> Picture:
    """The picture in a file, written anew. Raises PictureRefused."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureHeavy
    try:
        with Image.open(BytesIO(data), formats=READ) as found:
            _check_size(*found.size)
            return _written(_pixels(found))
    except BOMBS as refusal:
        raise PictureWide from refusal
    except BROKEN as refusal:
        raise PictureRefused from refusal


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise PictureWide


def _pixels(found: Image.Image) -> Image.Image:
    """The first frame, upright, no larger than is kept, and nothing beside its pixels."""
    upright = ImageOps.exif_transpose(found)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    share = sqrt(KEPT_PIXELS / (plain.width * plain.height))
    if share < 1:
        plain = plain.resize((max(1, int(plain.width * share)), max(1, int(plain.height * share))))
    return plain


def _written(plain: Image.Image) -> Picture:
    kept = BytesIO()
    plain.save(kept, "WEBP", quality=QUALITY, method=QUICK)
    return Picture(kept.getvalue(), *plain.size)
