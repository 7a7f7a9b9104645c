"""What is found of the sending domain, against a DNS of our own; and letters that are signed."""

import io
import re
from time import monotonic
from typing import Any

import dkim
import pytest
from django.core.management import CommandError, call_command

from accounts import dkim_signing, dns_records, sending_domain, sending_words, tasks
from accounts.sending_domain import Finding
from tests.accounts.dns_server import DnsServer, dns_server
from tests.accounts.mail_server import MailServer, mail_server, options
from tests.accounts.messages import again, written
from tests.accounts.sending_domain import (
    ADDRESS,
    DOMAIN,
    KEY,
    OTHER_KEY,
    RELAY,
    REVERSE,
    SELECTOR,
    quoted,
    record,
)
from tests.accounts.sending_domain import house as house

__all__ = ["dns_server", "mail_server"]
OUTSIDE, SEVERAL = {"spf_relay_outside"}, {"dmarc_several"}


def codes(about: str = "") -> set[str]:
    return {each.code for each in sending_domain.look() if not about or each.about == about}


def test_a_good_domain_has_nothing_to_mend(house: DnsServer):
    assert codes() == {"spf_good", "dkim_good", "dmarc_good", "mx_good", "ptr_good"}
    out = io.StringIO()
    call_command("check_mail_domain", stdout=out)
    assert out.getvalue().count("[ok]") == 5


@pytest.mark.parametrize(
    ("about", "where", "there", "expected"),
    [
        ("SPF", (DOMAIN, "TXT"), [quoted("lain=1")], {"spf_missing"}),
        ("SPF", (DOMAIN, "TXT"), ['"v=spf1 -all"', '"v=spf1 mx -all"'], {"spf_several"}),
        ("SPF", (DOMAIN, "TXT"), ['"v=spf1 mx +all"'], {"spf_open"}),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 ip4:{ADDRESS}"'], {"spf_open"}),
        ("SPF", (DOMAIN, "TXT"), ['"v=spf1 ip4:192.0.2.0/24 -all"'], {"spf_relay_outside"}),
        ("SPF", (DOMAIN, "TXT"), ['"v=spf1 mx ~all"'], {"spf_good"}),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 a:{RELAY} -all"'], {"spf_good"}),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 include:{DOMAIN} -all"'], {"spf_too_long"}),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 +ip4:{ADDRESS} -all"'], {"spf_good"}),
        ("SPF", (DOMAIN, "TXT"), ['"v=spf1 ip4:bukan ip6:2001:db8::/32 -all"'], OUTSIDE),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 {"exists:x.test " * 11}-all"'], {"spf_too_long"}),
        ("SPF", (DOMAIN, "TXT"), [f'"v=spf1 {"a " * 11}-all"'], {"spf_too_long"}),
        # By which address a relay in the house goes out is not ours to know.
        ("SPF", (RELAY, "A"), ["10.0.0.5"], {"spf_good"}),
        ("DKIM", (SELECTOR, "TXT"), [], {"dkim_missing"}),
        ("DKIM", (SELECTOR, "TXT"), ['"lain=1"'], {"dkim_missing"}),
        ("DKIM", (SELECTOR, "TXT"), [record(OTHER_KEY)], {"dkim_differs"}),
        ("DKIM", (SELECTOR, "TXT"), ['"v=DKIM1; p="'], {"dkim_differs"}),
        ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), [], {"dmarc_missing"}),
        ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), ['"v=DMARC1"', '"v=DMARC1; x"'], SEVERAL),
        ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), ['"v=DMARC1; p=none"'], {"dmarc_none"}),
        ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), ['"v=DMARC1; p=reject"'], {"dmarc_unheard"}),
        ("MX", (DOMAIN, "MX"), [], {"mx_missing"}),
        ("MX", (DOMAIN, "MX"), ["0 ."], {"mx_missing"}),
        ("MX", (DOMAIN, "MX"), ["10 tidak.ada.test."], {"mx_lost"}),
        ("PTR", (REVERSE, "PTR"), [], {"ptr_missing"}),
        ("PTR", (REVERSE, "PTR"), ["orang.lain.test."], {"ptr_differs"}),
        ("PTR", (RELAY, "A"), [], {"relay_lost"}),
        ("PTR", (RELAY, "A"), ["10.0.0.5"], {"ptr_inside"}),
    ],
)
def test_each_fault_is_found(
    house: DnsServer, about: str, where: Any, there: list[str], expected: set[str]
):
    house.zone[where] = there
    assert expected <= codes(about)
    assert codes(about).isdisjoint({f"{about.lower()}_good"} - expected)


def test_a_record_that_leads_to_another_is_followed(house: DnsServer):
    house.zone[DOMAIN, "TXT"] = ['"v=spf1 redirect=_spf.lain.test"']
    house.zone["_spf.lain.test", "TXT"] = [f'"v=spf1 ip4:{ADDRESS} -all"']
    assert codes("SPF") == {"spf_good"}


def test_each_domain_that_letters_name_is_looked_at(house: DnsServer, settings: Any):
    settings.BOUNCE_ADDRESS = "bounces@balik.test"
    settings.REPLY_TO_EMAIL = "tanya@jawab.test"
    found = {(each.code, each.what) for each in sending_domain.look()}
    assert {("spf_missing", "balik.test"), ("mx_missing", "jawab.test")} <= found


def test_a_relay_may_be_named_by_its_address(house: DnsServer, settings: Any):
    settings.MAILERS["default"]["OPTIONS"]["host"] = ADDRESS
    assert codes("PTR") == {"ptr_good"}
    assert codes("SPF") == {"spf_good"}


def test_nothing_is_asked_twice_in_one_look(house: DnsServer):
    sending_domain.look()
    assert len(house.asked) == len(set(house.asked))
    house.asked.clear()
    found = dns_records.Dns()
    assert found.ask("Paspor.Test.", "MX") == found.ask(DOMAIN, "MX") == [RELAY]
    assert len(house.asked) == 1


def test_the_server_asked_first_stands_first(house: DnsServer):
    house.zone[DOMAIN, "MX"] = [f"20 dua.{DOMAIN}.", f"10 satu.{DOMAIN}."]
    assert dns_records.Dns().ask(DOMAIN, "MX") == [f"satu.{DOMAIN}", f"dua.{DOMAIN}"]


def test_what_the_dns_does_not_answer_is_not_known(house: DnsServer, monkeypatch: Any):
    monkeypatch.setattr(dns_records, "PATIENCE", 0.2)
    house.silent = {SELECTOR, REVERSE}
    since = monotonic()
    found = {each.about: each.code for each in sending_domain.look()}
    assert monotonic() - since < 2
    assert (found["DKIM"], found["PTR"], found["MX"]) == ("no_answer", "no_answer", "mx_good")
    monkeypatch.setattr(dns_records, "WHOLE_PATIENCE", -1)
    house.asked.clear()
    assert codes() == {"no_answer"}
    assert house.asked == []


def test_without_a_key_letters_are_said_to_go_unsigned(house: DnsServer, settings: Any):
    settings.DKIM_KEY = ""
    with pytest.raises(CommandError):
        call_command("check_mail_domain", stdout=io.StringIO())
    assert codes("DKIM") == {"dkim_off"}


def test_every_finding_has_words():
    for code in sending_words.TEXTS:
        so, to_do = sending_words.finding_words(Finding("SPF", code, "bad"))
        assert so
        assert bool(to_do) != code.endswith("_good")


def test_a_made_key_is_told_with_its_record(settings: Any):
    settings.DKIM_KEY = KEY
    out = io.StringIO()
    call_command("make_dkim_key", "--show", stdout=out)
    assert dkim_signing.record(KEY) in out.getvalue()
    assert "DKIM_KEY" not in out.getvalue()


def seen_by_receiver(letter: bytes, key: str) -> bool:
    """Whether a receiver who finds our key in the DNS believes the letter."""
    return dkim.verify(
        letter, dnsfunc=lambda _name, timeout=5: record(key).replace('" "', "")[1:-1]
    )


@pytest.mark.django_db
def test_a_signed_letter_is_verified_after_its_way(
    mail_server: MailServer, settings: Any, house: DnsServer
):
    settings.MAILERS = {"default": options(mail_server)}
    message = written(text="Sejuk — “besok” pukul 08.00\n.\nSampai jumpa.\n", html="<p>é</p>" * 200)
    tasks.carry_message(message.pk)
    (raw,) = mail_server.raw
    assert raw.startswith(b"DKIM-Signature:")
    assert b"d=paspor.test" in raw
    assert seen_by_receiver(raw, KEY)
    assert not seen_by_receiver(raw, OTHER_KEY)
    assert not seen_by_receiver(raw.replace(b"Kode Anda", b"Kode Anna"), KEY)
    assert not seen_by_receiver(raw.replace(b"tanya@", b"tipu@"), KEY)
    for header in (b"Subject: Hadiah", b"From: Paspor <tipu@x.test>", b"To: orang@x.test"):
        assert not seen_by_receiver(header + b"\r\n" + raw, KEY)
    # Not every receiver refuses two of them by itself.
    signed = re.search(rb"\bh=([^;]+);", raw)[1].replace(b"\r\n", b"").replace(b" ", b"")
    assert [signed.split(b":").count(name) for name in (b"from", b"to", b"subject")] == [2, 2, 2]
    # Servers on the way write headers in their own manner.
    assert seen_by_receiver(raw.replace(b"\r\nSubject: ", b"\r\nSUBJECT:   "), KEY)


def test_without_a_key_a_letter_goes_as_it_is_and_nothing_is_said(settings: Any, caplog: Any):
    settings.DKIM_KEY = ""
    assert dkim_signing.signed(b"Subject: x\r\n\r\ny") == b"Subject: x\r\n\r\ny"
    assert caplog.text == ""


def test_what_is_no_letter_is_not_signed(settings: Any, caplog: Any):
    settings.DKIM_KEY = KEY
    assert dkim_signing.signed(b"bukan surat\r\n\r\nisi") == b"bukan surat\r\n\r\nisi"
    assert "letter not signed" in caplog.text


@pytest.mark.django_db
def test_a_letter_that_cannot_be_signed_goes_without(
    mail_server: MailServer, settings: Any, caplog: Any
):
    settings.DKIM_KEY = "rusak"
    message = written()
    tasks.carry_message(message.pk)
    assert again(message).state == "ACCEPTED"
    assert not mail_server.raw[0].startswith(b"DKIM-Signature:")
    assert "letter not signed" in caplog.text
