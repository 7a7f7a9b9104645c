"""docs/api.md tells the truth: its lines work when pasted, its table names every refusal."""

import importlib
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from accounts.policies import SIGN_UPS_PER_ADDRESS
from paspor.kernel.errors import DomainError
from queueing.booking.models import Booking
from tests.factories import (
    ApplicantFactory,
    OfficeFactory,
    SlotFactory,
    TraceFactory,
    UserFactory,
)
from tests.live import Portal
from tests.paspor.proving import little_work, set_figure

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
MODULES = [
    "accounts.errors",
    "offices.errors",
    "paspor.kernel.idempotency",
    "paspor.kernel.problems",
    "paspor.kernel.proof",
    "queueing.admission.errors",
    "queueing.booking.errors",
    "queueing.integrity.case_errors",
    "queueing.integrity.errors",
    "queueing.watching.errors",
]
# What only pages can be told: those of officers, and the links of letters.
PAGES_ONLY = {
    *("reason_needed", "wrong_office", "ticket_invalid", "mail_domain_invalid"),
    "not_neighbours",
    *("of_an_account", "link_unknown", "link_over", "link_used"),
    *("examination_untold", "nothing_corrected"),
    *("counter_code_invalid", "card_used_often"),
    *("announcement_invalid", "announcement_over", "incident_invalid", "incident_live"),
    "back_hour_out_of_range",
    *("incident_over", "calendar_invalid", "holiday_decided", "hours_set_by_hand"),
    *("office_file_invalid", "office_key_invalid", "post_invalid", "post_over"),
    "post_ended",
    *("approval_over", "nothing_changed", "second_factor_missing", "second_is_not_another"),
    *("case_unknown", "case_over", "case_already_open", "case_not_decided"),
    *("act_withdrawn", "act_lapsed", "corrected_meanwhile"),
    *("address_link_unknown", "address_link_over", "former_address_taken", "no_second_factor"),
    *("step_link_unknown", "step_link_over"),
    *("act_begun", "nothing_to_do", "not_own_evidence", "own_decision"),
    *("appeal_unknown", "appeal_decided", "claim_over", "person_present"),
}


def refusals() -> set[str]:
    return {
        thing.code
        for name in MODULES
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, type) and issubclass(thing, DomainError)
    }


def told() -> set[str]:
    table = [line for line in GUIDE.read_text().splitlines() if line.startswith("|")]
    return {code for line in table for code in re.findall(r"`([a-z_]+)`", line.split("|")[2])}


def test_table_names_every_refusal_of_the_api() -> None:
    assert (
        refusals() - told() - PAGES_ONLY - {DomainError.code, "conflict", "needs_approval"} == set()
    )


def make_demo() -> User:
    """What `make run` has made: the citizen with one of their people, and a free hour."""
    citizen = UserFactory(email="warga@paspor.example", password="paspor-demo-2026")
    EmailAddress.objects.create(user=citizen, email=citizen.email, verified=True, primary=True)
    ApplicantFactory(account=citizen, is_holder=True)
    office = OfficeFactory(latitude="-6.261", longitude="106.811")
    soon = (timezone.now() + timedelta(days=3)).replace(hour=2, minute=0, second=0, microsecond=0)
    SlotFactory(
        release__office=office,
        release__first_day=soon.date(),
        release__last_day=soon.date(),
        starts_at=soon,
        capacity=3,
    )
    return citizen


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_five_lines_book_a_visit_when_pasted(portal: Portal) -> None:
    citizen = make_demo()
    lines = re.search(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1]
    assert len(lines.strip().splitlines()) == 5

    script = lines.replace("localhost:8000", f"localhost:{portal.port}")
    pasted = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    booking = Booking.objects.get(account=citizen)
    assert pasted.stdout.count(f'"code":"{booking.code}"') == 2
    assert '"state":"BOOKED"' in pasted.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_lines_of_the_proof_sign_up_when_pasted(portal: Portal, tmp_path: Path) -> None:
    set_figure(SIGN_UPS_PER_ADDRESS, 5)
    little_work()
    TraceFactory.create_batch(5, what="SIGN_UP", device="", address="127.0.0.1")
    part = GUIDE.read_text().partition("## A proof of work")[2]
    program, lines = re.findall(r"```(?:python|sh)\n(.*?)```", part, re.DOTALL)[:2]
    (tmp_path / "proof.py").write_text(program)

    script = lines.replace("localhost:8000", f"localhost:{portal.port}")
    pasted = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert '"verify_email"' in pasted.stdout
    assert User.objects.filter(email="warga.baru@paspor.example").exists()
