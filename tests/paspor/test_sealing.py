"""What is sealed opens with the right key only, and only unchanged."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from paspor.kernel import ed25519, sealing

KEY = X25519PrivateKey.generate()
PUBLIC = ed25519.encoded(KEY.public_key().public_bytes_raw())


def test_the_owner_of_the_key_opens_it():
    sealed = sealing.seal(b"rahasia", to=PUBLIC, bound_to=b"kepala")
    assert sealing.unseal(sealed, KEY, bound_to=b"kepala") == b"rahasia"


def test_twice_the_same_is_never_the_same():
    assert len({sealing.seal(b"a", to=PUBLIC, bound_to=b"") for _ in range(2)}) == 2


@pytest.mark.parametrize("at", [0, 32, 44, -1])
def test_one_bit_turned_opens_nothing(at):
    sealed = bytearray(sealing.seal(b"rahasia", to=PUBLIC, bound_to=b"kepala"))
    sealed[at] ^= 1
    with pytest.raises(InvalidTag):
        sealing.unseal(bytes(sealed), KEY, bound_to=b"kepala")


def test_another_key_or_another_header_opens_nothing():
    sealed = sealing.seal(b"rahasia", to=PUBLIC, bound_to=b"kepala")
    for key, header in ((X25519PrivateKey.generate(), b"kepala"), (KEY, b"lain")):
        with pytest.raises(InvalidTag):
            sealing.unseal(sealed, key, bound_to=header)


@pytest.mark.parametrize(
    "text",
    ["", "bukan kunci", PUBLIC[:-2], ed25519.encoded(bytes(32))],
    # PUBLIC is another in each process, which must all find the same tests.
    ids=["empty", "words", "short", "zero"],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # any of its kinds
        sealing.checked_key(text)
