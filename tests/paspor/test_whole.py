"""A code or an hour in a sentence is read in one piece."""

import pytest
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from paspor.kernel.templatetags.whole import whole


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Kode K7QX-4M2P dipakai", ["K7QX-4M2P"]),
        ("Nomor 9RB4-T7KQ-2M8X.", ["9RB4-T7KQ-2M8X"]),
        ("datang 10.00–11.00 WIB, bukan 09:00–10:00 WITA", ["10.00–11.00 WIB", "09:00–10:00 WITA"]),
        ("dibuka pukul 14.00 WITA, di sana 14:00 WIT.", ["14.00 WITA", "14:00 WIT"]),
        ("Senin 08.00–12.00, 13.00–15.00", ["08.00–12.00", "13.00–15.00"]),
        ("Petugas KANIM-JAKSEL membaca e-mail 24–26 November", []),
        ("+62-8123-4567-8900 dan AB-CD", []),
    ],
)
def test_what_is_read_whole_is_one_piece(text: str, pieces: list[str]):
    said = whole(text)
    assert [part.split("</span>")[0] for part in said.split('<span class="nowrap">')[1:]] == pieces


def test_what_a_person_wrote_stays_text():
    assert "<b>" not in whole("<b>K7QX-4M2P</b>")
    assert whole(mark_safe("<b>tebal</b>")) == "<b>tebal</b>"


def test_rows_and_facts_say_clocks_whole():
    piece = '<span class="nowrap">10.00 WIB</span>'
    row = {"title": "Sabtu, 10.00 WIB", "text": "sampai 10.00 WIB", "note": "10.00 WIB"}
    assert render_to_string("components/row.html", row).count(piece) == 3
    facts = {"items": [{"term": "Jam", "text": "pukul 10.00 WIB", "note": "10.00 WIB"}]}
    assert render_to_string("components/facts.html", facts).count(piece) == 2


def test_a_link_in_a_message_stays_a_link():
    assert whole(Message(20, mark_safe("<a>Cetak</a>"))) == "<a>Cetak</a>"
    assert whole(Message(20, "<a>Cetak</a>")) == "&lt;a&gt;Cetak&lt;/a&gt;"


def test_an_alert_says_its_codes_whole():
    said = {"title": "Kode K7QX-4M2P", "text": "Jam 10.00–11.00 WIB.\n\nLalu <i>."}
    alert = render_to_string("components/alert.html", said)
    assert '<span class="nowrap">K7QX-4M2P</span>' in alert
    assert '<p>Jam <span class="nowrap">10.00–11.00 WIB</span>.</p>' in alert
    assert "Lalu &lt;i&gt;." in alert
