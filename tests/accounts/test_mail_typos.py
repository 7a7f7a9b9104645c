"""Mistyped domains: what was meant, and what is left alone."""

import pytest

from accounts import mail_typos

TYPOS = [
    ("gmial.com", "gmail.com"),
    ("gamil.com", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("gnail.com", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.co", "gmail.com"),
    ("gmail.cm", "gmail.com"),
    ("gmail.comm", "gmail.com"),
    ("GMIAL.com", "gmail.com"),
    ("gmail.co.id", "gmail.com"),
    ("yaho.com", "yahoo.com"),
    ("yhaoo.com", "yahoo.com"),
    ("yahoo.co.di", "yahoo.co.id"),
    ("yahoo.com.id", "yahoo.co.id"),
    ("hotmial.com", "hotmail.com"),
    ("outlok.com", "outlook.com"),
]
FINE = [
    *("gmail.com", "ymail.com", "yahoo.co.id", "mail.com", "email.com", "live.com", "love.com"),
    *("kemenkumham.go.id", "contoh.test", "ui.ac.id", "", "gmail.com.", "mgial.com"),
]


@pytest.mark.parametrize(("typed", "meant"), TYPOS)
def test_one_slip_is_pointed_out(typed: str, meant: str):
    assert mail_typos.meant_domain(typed) == meant


@pytest.mark.parametrize("typed", FINE)
def test_what_is_no_slip_is_left_alone(typed: str):
    assert mail_typos.meant_domain(typed) == ""


def test_the_name_before_the_at_stays_as_it_was_typed():
    assert mail_typos.meant_address("Siti.Aminah@gmial.com") == "Siti.Aminah@gmail.com"
    assert mail_typos.meant_address("@gmial.com") == ""
    assert mail_typos.meant_address("gmial.com") == ""
