"""What somebody sees who opens an address as it cannot be, or fills a form wrongly."""

import pytest
from django import forms
from django.template.loader import render_to_string

from tests.accounts.entering import person_with_account, signed_in
from tests.accounts.signing_up import ASK


class Code(forms.Form):
    code = forms.CharField(label="Kode")


@pytest.mark.django_db
def test_the_address_of_a_button_that_is_opened_says_so_and_leads_on(client):
    answer = client.get(ASK)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Alamat ini milik sebuah tombol" in answer.text
    assert 'href="/janji/"' in answer.text


@pytest.mark.django_db
def test_what_is_sent_to_an_address_that_is_only_read_says_so():
    answer = signed_in(person_with_account()).post("/angka/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "Alamat ini hanya untuk dibaca" in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [({}, "Kode – Wajib diisi."), ({"code": "ABC"}, "Kode tidak cocok.")],
)
def test_a_summary_names_each_field_once(data, said):
    form = Code(data)
    if form.is_valid():
        form.add_error("code", "Kode tidak cocok.")

    page = render_to_string("components/error_summary.html", {"form": form})

    assert f">{said}</a>" in page
