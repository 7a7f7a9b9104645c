"""Encryption, digests, masks and codes."""

import base64
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from paspor.kernel import cipher, codes, masking

NIK = "3171991708450001"
ROOT = Path(__file__).resolve().parents[2]
# A row of dots with something put after it.
MASKED_BY_HAND = re.compile(r"•{2,} ?[{%]")


def key(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


def test_what_is_sealed_can_be_opened_where_it_belongs():
    key_id, sealed = cipher.encrypt(NIK, bound_to="nik:ABC")

    assert NIK.encode() not in sealed
    assert cipher.decrypt(key_id, sealed, bound_to="nik:ABC") == NIK
    assert cipher.decrypt(key_id, memoryview(sealed), bound_to="nik:ABC") == NIK


def test_the_same_text_is_sealed_differently_each_time():
    assert cipher.encrypt(NIK, bound_to="a")[1] != cipher.encrypt(NIK, bound_to="a")[1]


def test_a_changed_moved_or_foreign_value_is_refused(settings):
    key_id, sealed = cipher.encrypt(NIK, bound_to="nik:ABC")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for attempt in ((key_id, changed, "nik:ABC"), (key_id, sealed, "nik:XYZ"), ("k9", sealed, "")):
        with pytest.raises(cipher.CannotDecrypt):
            cipher.decrypt(attempt[0], attempt[1], bound_to=attempt[2])


def test_after_rotation_the_new_key_seals_and_the_old_one_opens(settings):
    settings.DATA_KEYS = f"k1:{key(b'a')}"
    old = cipher.encrypt(NIK, bound_to="x")
    settings.DATA_KEYS = f"k2:{key(b'b')},k1:{key(b'a')}"

    assert cipher.decrypt(*old, bound_to="x") == NIK
    assert cipher.encrypt(NIK, bound_to="x")[0] == "k2"


def test_a_digest_depends_on_its_key_alone():
    other = base64.b64encode(b"z" * 32).decode()
    assert cipher.person_digest(NIK) == cipher.person_digest(NIK)
    assert cipher.person_digest(NIK) != cipher.person_digest(NIK, key=other)
    assert re.fullmatch(r"[0-9a-f]{64}", cipher.person_digest(NIK))


@pytest.mark.parametrize("text", ["", "k1", "k1:", f":{'A' * 44}", "k1:bukan base64", "k1:YWJj"])
def test_malformed_keys_stop_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="DATA_KEYS"):
        cipher.parse_keys(text, name="DATA_KEYS")


def test_masks_show_what_may_be_seen():
    assert masking.mask_nik("0001") == "•" * 12 + "0001"
    assert masking.mask_nik(NIK) == "•" * 12 + "0001"
    assert masking.mask_nik("") == ""
    assert masking.mask_name("Siti Aminah") == "S••• A•••"
    assert masking.mask_name("") == ""
    assert masking.mask_email("siti@contoh.test") == "s•••@contoh.test"
    assert masking.mask_email("rusak") == "•••"
    assert masking.mask_phone("+628120000123") == "••••••123"
    assert masking.mask_phone("") == ""


def test_nobody_masks_a_nik_by_hand():
    sources = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "paspor" / "locale").rglob("*.po"),
        *(
            path
            for app in ("accounts", "offices", "queueing")
            for path in (ROOT / app).rglob("*.py")
        ),
    ]

    assert [str(path) for path in sources if MASKED_BY_HAND.search(path.read_text())] == []


def test_codes_are_readable_aloud_and_forgiving_when_typed():
    code = codes.new_code(500)
    assert not set(code) & set("01OILU")
    assert codes.grouped("K7QX4M2P") == "K7QX-4M2P"
    assert codes.normalized(" k7qx-4m2p ") == "K7QX4M2P"
    assert codes.normalized("k７qx") == "KQX"
    assert len({codes.new_code(8) for _ in range(1000)}) == 1000
