"""A picture is written anew, or refused before it is unpacked."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from paspor.kernel import pictures
from paspor.kernel.pictures import PictureHeavy, PictureRefused, PictureWide

SECRET = b"Suwarni, NIK 9901"
ORIENTATION, ARTIST, ON_ITS_SIDE = 274, 315, 6


def drawn(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **saved: object) -> bytes:
    kept = BytesIO()
    Image.new(mode, size, 0).save(kept, kind, **saved)
    return kept.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A header alone; its pixels are never reached."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


def read(data: bytes) -> pictures.Picture:
    return pictures.read(BytesIO(data))


@pytest.mark.parametrize(
    "sent",
    [
        drawn("PNG"),
        drawn("PNG", mode="LA"),
        drawn("PNG", mode="P"),
        drawn("PNG", mode="I;16"),
        drawn("JPEG"),
        drawn("JPEG", mode="CMYK"),
        drawn("WEBP", mode="RGBA"),
    ],
)
def test_whatever_is_read_becomes_webp(sent):
    made = read(sent)
    with Image.open(BytesIO(made.data)) as seen:
        assert (seen.format, seen.size) == ("WEBP", (made.width, made.height)) == ("WEBP", (40, 20))


def test_nothing_hidden_comes_along():
    exif = Image.Exif()
    exif[ARTIST], exif[ORIENTATION] = SECRET.decode(), ON_ITS_SIDE
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    tail = b"<script>alert(1)</script>"
    for sent in (
        drawn("JPEG", exif=exif, comment=SECRET, icc_profile=SECRET) + tail,
        drawn("PNG", pnginfo=words, exif=exif, icc_profile=SECRET) + tail,
        drawn("WEBP", exif=exif, xmp=SECRET, icc_profile=SECRET),
    ):
        assert SECRET in sent or b"iCCP" in sent
        made = read(sent)
        with Image.open(BytesIO(made.data)) as seen:
            assert not {"exif", "xmp", "icc_profile", "comment"} & seen.info.keys()
        assert SECRET not in made.data
        assert b"script" not in made.data
        assert (made.width, made.height) == (20, 40)  # stood up before its note of that is gone


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7",
        drawn("GIF", mode="P"),
        drawn("BMP"),
        drawn("PNG", (400, 400))[:-400],
        drawn("JPEG", (400, 400))[:200],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ],
    ids=["empty", "script", "svg", "pdf", "gif", "bmp", "cut png", "cut jpeg", "no png"],
)
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(PictureRefused):
        read(sent)


@pytest.mark.parametrize(
    ("width", "height"), [(4001, 4000), (10_000, 9_000), (60_000, 60_000), (16_001, 10)]
)
def test_a_bomb_is_refused_by_what_it_claims(width, height):
    with pytest.raises(PictureWide):
        read(png_claiming(width, height))


def test_a_heavy_file_is_not_read_to_its_end():
    file = BytesIO(drawn("PNG") + b"\0" * (pictures.MOST_BYTES + 10))
    with pytest.raises(PictureHeavy):
        pictures.read(file)
    assert file.tell() == pictures.MOST_BYTES + 1


def test_a_large_picture_is_kept_smaller():
    made = read(drawn("PNG", (1500, 6000)))
    assert made.width * made.height <= pictures.KEPT_PIXELS
    assert round(made.height / made.width) == 4
