"""The container of a WebP picture (RIFF), as far as the gallery needs it."""

from collections.abc import Iterator

HEAD = 12
IS_PROFILED = 0x20


def without_profile(picture: bytes) -> bytes:
    """Without the colour profile that Chromium writes into each picture: it is the usual one."""
    kept = [chunk for chunk in _chunks(picture) if not chunk.startswith(b"ICCP")]
    body = b"WEBP" + b"".join(map(_unflagged, kept))
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(picture: bytes) -> Iterator[bytes]:
    """Each with its name and its length, padded to whole pairs of bytes."""
    at = HEAD
    while at < len(picture):
        length = int.from_bytes(picture[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        yield picture[at:end]
        at = end


def _unflagged(chunk: bytes) -> bytes:
    if not chunk.startswith(b"VP8X"):
        return chunk
    return chunk[:8] + bytes([chunk[8] & ~IS_PROFILED]) + chunk[9:]
