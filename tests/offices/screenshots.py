"""A screenshot as a browser uploads it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def png() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (30, 60), "teal").save(kept, "PNG")
    return kept.getvalue()


def sent(data: bytes = b"", name: str = "layar.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or png(), kind)
