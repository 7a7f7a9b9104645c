"""Public codes: not guessable, and hard to misread aloud or on paper."""

import secrets

# No 0 O, 1 I L, and no U, which is heard and written as V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code(length: int) -> str:
    return code_from(secrets.token_bytes(2 * length), length)


def code_from(digest: bytes, length: int) -> str:
    """A code that is always the same for a digest, and as hard to guess as the digest."""
    number, found = int.from_bytes(digest), []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        found.append(ALPHABET[rest])
    return "".join(found)


def grouped(code: str, size: int = 4) -> str:
    """ABCDEFGH as ABCD-EFGH, the way people read it to each other."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def normalized(text: str) -> str:
    """What a person typed, as it is stored: capitals, no dash, no space."""
    return "".join(ch for ch in text.upper() if ch.isascii() and ch.isalnum())
