"""The file for the police: what is in it, who may have it, and each way of tampering."""

import base64
import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.models import Approval
from offices.reasons import Why
from offices.rules import Act
from paspor.kernel import ed25519, heads, ledger, verify_evidence
from paspor.kernel import evidence as sealed
from paspor.kernel.errors import NeedsApproval, NotAllowed
from paspor.kernel.models import AuditEvent
from queueing.integrity import case_words as words_of_cases
from queueing.integrity.models.cases import Case
from queueing.integrity.selectors import act_items, cases
from queueing.integrity.selectors import evidence as selectors
from queueing.integrity.services import appeals, evidence
from queueing.integrity.services.appeals import Objection
from queueing.integrity.services.evidence import Evidence, Wish
from tests.factories import (
    ApprovalFactory,
    OfficeFactory,
    PlaceFactory,
    SlotFactory,
    TraceFactory,
    UserFactory,
)
from tests.offices.conftest import officer as officer
from tests.offices.conftest import sign_in as sign_in
from tests.queueing.booking.visits import account_of, book, family
from tests.queueing.integrity.cases import case_of, done, head_of, sistik

pytestmark = pytest.mark.django_db
WHY = Why("police_request", "Surat B/12/2026.")
OTHER_KEYS = "x1:" + base64.b64encode(b"y" * 32).decode()


def agreed(case: Case, officer: User, *, with_niks: bool = False) -> None:
    """A second officer has agreed to exactly this file."""
    scope = selectors.scope_of(case)
    ApprovalFactory(
        act=Act.EVIDENCE,
        subject=evidence.subject_of(scope, Wish(WHY, with_niks)),
        office=case.office,
        asked_by=officer,
        state="GRANTED",
        second=UserFactory(),
        decided_at=timezone.now(),
    )


def made(case: Case, officer: User | None = None, *, with_niks: bool = False) -> Evidence:
    officer = officer or sistik()
    agreed(case, officer, with_niks=with_niks)
    return evidence.make(
        officer=officer, code=case.code, wish=Wish(WHY, with_niks), now=timezone.now()
    )


@pytest.fixture
def case() -> Case:
    """Two people booked and voided, their events chained."""
    people = family(2)
    book(SlotFactory(capacity=2), people)
    TraceFactory(user=account_of(people))
    found = case_of([account_of(people)])
    done(found, Act.VOID, sistik())
    ledger.sequence(timezone.now())
    return found


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def table(content: bytes, name: str) -> list[list[str]]:
    text = files_of(content)[name].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def check(content: bytes) -> verify_evidence.Verdict:
    return verify_evidence.verify(content, keys=evidence.public_keys())


def test_a_file_as_it_was_made_is_genuine(case: Case):
    verdict = check(made(case).content)

    assert verdict.problems == []
    assert verdict.about["case"] == case.code
    assert len(verdict.uncovered) == 2  # the office's chain and the nation's


def test_it_holds_accounts_places_events_addresses_and_acts(case: Case):
    content = made(case).content

    assert len(table(content, "accounts.csv")) == 1
    assert [row[6] for row in table(content, "places.csv")] == ["VOIDED", "VOIDED"]
    assert [row[4] for row in table(content, "events.csv")] == ["BOOKED"] * 2 + ["VOIDED"] * 2
    assert len(table(content, "addresses.csv")) == 1
    assert "start" in "".join(row[2] for row in table(content, "acts.csv"))
    assert "Berkas bukti perkara" in files_of(content)["report.html"].decode()


def rows_of(content: bytes, name: str) -> list[dict[str, str]]:
    text = files_of(content)[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_places_are_told_as_they_were_then_and_as_they_are_now(case: Case):
    case.members.update(live_places=2)

    (row,) = rows_of(made(case).content, "accounts.csv")

    assert row["tempat berlaku ketika masuk perkara"] == "2"
    assert row["tempat berlaku kini"] == "0"


def test_acts_name_what_was_done_by_whom_and_who_agreed(case: Case):
    act = case.acts.get()
    second = act_items.second_of(act)

    rows = {row["tindakan"]: row for row in rows_of(made(case).content, "acts.csv")}

    assert rows["case.start"]["perbuatan"] == "void"
    assert rows["case.start"]["kode tindakan"] == act.code
    assert rows["case.start"]["petugas"] == act.prepared_by.code
    assert rows["case.start"]["disetujui oleh"] == second.code
    assert rows["evidence"]["disetujui oleh"]


def test_who_acted_and_agreed_is_named_and_who_objected_is_no_officer(case: Case):
    account, officer = case.members.get().account, sistik()
    booking = account.bookings.get()
    appeals.file(
        account=account,
        objection=Objection("booking", booking.code, "Itu keluarga saya."),
        now=timezone.now(),
    )

    content = made(case, officer).content

    named = {row["petugas"]: row["e-mail"] for row in rows_of(content, "officers.csv")}
    act = case.acts.get()
    for one in (act.prepared_by, act_items.second_of(act), officer):
        assert named[one.code] == one.email
    assert account.code not in named
    (filed,) = (row for row in rows_of(content, "acts.csv") if row["tindakan"] == "appeal.file")
    assert (filed["akun"], filed["petugas"]) == (account.code, "")


def test_the_report_is_in_words_with_a_summary_and_a_picture(case: Case):
    member, other = case.members.get().account, UserFactory()
    case.members.create(account=other)
    for account in (member, other):
        TraceFactory(user=account, device="pemasangan-bersama")

    report = files_of(made(case).content)["report.html"].decode()

    for words in ("Ringkasan", "2 tempat", "digugurkan", "daring", "Tindakan dijalankan", "<svg"):
        assert words in report
    for code in (">VOIDED<", ">ONLINE<", ">case.start<", ">CITIZEN<", ">SIGN_IN<"):
        assert code not in report
    assert "pemasangan-bersa" in report


def test_the_history_says_who_agreed(case: Case):
    second = act_items.second_of(case.acts.get())

    (entry,) = (one for one in cases.history_of(case) if one.act == "case.start")

    assert words_of_cases.detail(entry).endswith(f"disetujui oleh {second.email}")


def test_times_are_by_the_clock_of_the_office(case: Case):
    (first, _second) = table(made(case).content, "places.csv")

    assert first[4] == "2030-01-07 08:00:00 +0700"


def test_every_event_stands_in_the_chain_with_its_text(case: Case):
    lines = files_of(made(case).content)[verify_evidence.EVENTS].decode().splitlines()
    texts = [json.loads(json.loads(line)["text"]) for line in lines]

    assert [text["what"] for text in texts if "what" in text] == ["BOOKED"] * 2 + ["VOIDED"] * 2


def test_a_published_head_covers_it(case: Case):
    heads.take(timezone.now() + timedelta(days=1))

    verdict = check(made(case).content)

    assert verdict.problems == []
    assert len(verdict.covered) >= 1


def test_a_cell_that_looks_like_a_formula_is_none(case: Case):
    person = case.members.get().account.applicants.first()
    person.name = "=HYPERLINK(1)"
    person.save()

    names = [row[2] for row in table(made(case).content, "people.csv")]

    assert "'=HYPERLINK(1)" in names


def test_niks_are_masked_unless_they_are_asked_for(case: Case):
    content = made(case).content

    assert "nik.csv" not in files_of(content)
    # Four digits alone come by chance among those of digests and signatures.
    assert not re.search(rb"3171\d{12}", b"".join(files_of(content).values()))
    assert not AuditEvent.objects.filter(act="nik.read").exists()


def test_niks_in_clear_are_a_file_of_their_own_and_logged_for_each_person(case: Case):
    content = made(case, with_niks=True).content

    assert [len(nik) for _code, nik in table(content, "nik.csv")] == [16, 16]
    read = AuditEvent.objects.filter(act="nik.read")
    assert [event.detail for event in read] == [{"case": case.code}] * 2
    assert b"3171" not in files_of(content)["report.html"]


def test_a_head_gets_the_part_of_the_own_office():
    here, people = SlotFactory(capacity=1), family(2)
    book(here, people[:1])
    book(SlotFactory(capacity=1), people[1:])
    case = case_of([account_of(people)], here.office)

    rows = table(made(case, head_of(here.office)).content, "places.csv")

    assert [row[3] for row in rows] == [here.office.code]


def test_it_always_takes_a_second_officer_who_agrees_to_this_very_file(case: Case):
    officer = sistik()
    agreed(case, officer)

    with pytest.raises(NeedsApproval):
        evidence.make(
            officer=officer, code=case.code, wish=Wish(WHY, with_niks=True), now=timezone.now()
        )


def test_another_offices_head_gets_nothing(case: Case):
    with pytest.raises(NotAllowed):
        made(case, head_of(OfficeFactory()))


def test_its_making_is_logged_with_its_digest(case: Case):
    content = made(case)

    acts = AuditEvent.objects.filter(subject=f"case:{case.code}", act__startswith="evidence")
    before, after = acts.order_by("id")
    assert (before.reason, after.detail["sha256"]) == ("police_request", content.digest)
    assert content.digest == verify_evidence.digest(content.content)


def test_the_page_asks_and_then_hands_the_file_over_uncached(case: Case, officer, sign_in):
    client = sign_in(officer("SISTIK"))
    path = reverse("cases:evidence", args=[case.code])
    said = {"reason": "police_request", "note": "Surat B/12/2026."}

    asked = client.post(path, said)
    again = client.get(path)
    Approval.objects.filter(act=Act.EVIDENCE).update(
        state="GRANTED", second=UserFactory(), decided_at=timezone.now()
    )
    given = client.post(path, said)

    assert asked.status_code == 422
    for page in (asked, again):
        assert "Menunggu persetujuan petugas kedua" in page.content.decode()
    assert again.context["form"].initial == said | {"with_niks": False}
    assert given["Content-Type"] == "application/zip"
    assert "no-store" in given["Cache-Control"]
    assert check(given.content).is_genuine


def flip(content: bytes) -> bytes:
    files = files_of(content)
    files["places.csv"] = files["places.csv"].replace(b"VOIDED", b"BOOKED", 1)
    return zipped(files)


def drop(content: bytes) -> bytes:
    files = files_of(content)
    del files["addresses.csv"]
    return zipped(files)


def add(content: bytes) -> bytes:
    return zipped(files_of(content) | {"more.csv": b"x"})


def other_manifest(content: bytes) -> bytes:
    """Changed and signed anew, by a key that nobody handed over."""
    files = files_of(content)
    del files[verify_evidence.MANIFEST], files[verify_evidence.SIGNATURE]
    files["places.csv"] = b"x"
    return sealed.pack(
        files,
        {"case": "X", "key": "x1"},
        sign=lambda text: ed25519.sign(text, OTHER_KEYS, name="X"),
    )


def other_key_of_the_same_name(content: bytes) -> bytes:
    files = files_of(content)
    del files[verify_evidence.MANIFEST], files[verify_evidence.SIGNATURE]
    key_id = next(iter(evidence.public_keys()))
    return sealed.pack(
        files,
        {"case": "X", "key": key_id},
        sign=lambda text: ed25519.sign(text, OTHER_KEYS, name="X"),
    )


def no_signature(content: bytes) -> bytes:
    files = files_of(content)
    del files[verify_evidence.SIGNATURE]
    return zipped(files)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def damaged(content: bytes) -> bytes:
    """One bit of a compressed file, as a bad disk would."""
    at = content.index(b"places.csv") + 60
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def twice(content: bytes) -> bytes:
    out = io.BytesIO(zipped(files_of(content)))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("places.csv", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (flip, "changed: places.csv"),
        (drop, "missing: addresses.csv"),
        (add, "added: more.csv"),
        (other_manifest, "not signed by a known key"),
        (other_key_of_the_same_name, "not signed by a known key"),
        (no_signature, "missing: manifest.json or manifest.sig"),
        (cut, "not a readable ZIP"),
        (damaged, "places.csv"),
        (twice, "twice in the ZIP: places.csv"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_kind_of_tampering_is_named(case: Case, tamper: Callable[[bytes], bytes], said: str):
    verdict = check(tamper(made(case).content))

    assert not verdict.is_genuine
    assert any(said in problem for problem in verdict.problems)


def signed_again(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Whoever holds our own key changes the chain: only its arithmetic tells."""
    files = files_of(content)
    del files[verify_evidence.MANIFEST], files[verify_evidence.SIGNATURE]
    change(files)
    key_id = next(iter(evidence.public_keys()))
    keys = evidence.settings.EVIDENCE_KEYS
    return sealed.pack(
        files,
        {"case": "X", "key": key_id},
        sign=lambda text: ed25519.sign(text, keys, name="EVIDENCE_KEYS"),
    )


def chain_name(files: dict[str, bytes]) -> str:
    return max((name for name in files if name.endswith(".tsv")), key=lambda name: len(files[name]))


def reorder(files: dict[str, bytes]) -> None:
    name = chain_name(files)
    first, one, two, *rest = files[name].decode().splitlines(keepends=True)
    files[name] = "".join([first, two, one, *rest]).encode()


def take_out(files: dict[str, bytes]) -> None:
    name = chain_name(files)
    first, one, _two, *rest = files[name].decode().splitlines(keepends=True)
    files[name] = "".join([first, one, *rest]).encode()


def rewrite_event(files: dict[str, bytes]) -> None:
    files[verify_evidence.EVENTS] = files[verify_evidence.EVENTS].replace(b"VOIDED", b"BOOKED", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (reorder, "link does not follow"),
        (take_out, "link does not follow"),
        (rewrite_event, "not the event of its link"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_chain_tells_even_where_the_seal_is_right(case: Case, change, said: str):
    verdict = check(signed_again(made(case).content, change))

    assert any(said in problem for problem in verdict.problems)


def test_another_head_than_the_published_one_is_named(case: Case):
    heads.take(timezone.now() + timedelta(days=1))

    def other_head(files: dict[str, bytes]) -> None:
        told = json.loads(files[verify_evidence.HEADS])
        told["results"][0]["heads"][0]["digest"] = "0" * 64
        files[verify_evidence.HEADS] = json.dumps(told).encode()

    verdict = check(signed_again(made(case).content, other_head))

    assert not verdict.is_genuine


def test_the_command_checks_elsewhere_with_a_key_handed_over(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "bukti.zip"
    path.write_bytes(made(case).content)
    ((key_id, public),) = evidence.public_keys().items()

    call_command("verify_evidence", str(path), "--key", f"{key_id}:{public}")
    call_command("evidence_key")

    told = capsys.readouterr().out
    assert f"genuine: case {case.code}" in told
    assert f"{key_id}:{public}" in told


def the_script(folder: Path) -> list[str]:
    """The one file, in a folder of its own."""
    script = folder / "verify_evidence.py"
    shutil.copy(verify_evidence.__file__, script)
    return [str(script)]


def a_checkout(folder: Path) -> list[str]:
    """The command, in a copy of what it needs of the project: nobody's settings, no Django."""
    kernel = folder / "paspor" / "kernel"
    kernel.mkdir(parents=True)
    shutil.copy(verify_evidence.__file__, kernel)
    shutil.copy(settings.BASE_DIR / "manage.py", folder)
    return [str(folder / "manage.py"), "verify_evidence"]


def run_alone(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """With nothing of the portal's environment."""
    return subprocess.run(  # our own script
        [sys.executable, "-I", *words],
        env={},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("checker", [the_script, a_checkout])
def test_it_is_checked_where_there_is_no_portal(case: Case, tmp_path: Path, checker):
    heads.take(timezone.now() + timedelta(days=1))
    content = made(case).content
    whole, changed = tmp_path / "bukti.zip", tmp_path / "diubah.zip"
    whole.write_bytes(content)
    changed.write_bytes(flip(content))
    words = checker(tmp_path)
    keys = [f"--key={key_id}:{public}" for key_id, public in evidence.public_keys().items()]

    genuine = run_alone([*words, str(whole), *keys], tmp_path)
    not_genuine = run_alone([*words, str(changed), *keys], tmp_path)
    keyless = run_alone([*words, str(whole)], tmp_path)
    nowhere = run_alone([*words, str(tmp_path / "tiada.zip"), *keys], tmp_path)

    assert (genuine.returncode, genuine.stderr) == (0, "")
    assert "reaches a published head" in genuine.stdout
    assert f"genuine: case {case.code}" in genuine.stdout
    assert not_genuine.returncode == 1
    assert "changed: places.csv" in not_genuine.stdout
    assert (nowhere.returncode, "Traceback" in nowhere.stderr) == (2, False)
    assert keyless.returncode == 2
    assert "--key" in keyless.stderr


def test_the_report_says_how_it_is_checked_and_where_the_key_is(case: Case, client):
    report = files_of(made(case).content)["report.html"].decode()
    ((key_id, public),) = evidence.public_keys().items()

    assert f"python verify_evidence.py bukti-{case.code}.zip --key {key_id}:KUNCI" in report
    assert f"{settings.SITE_URL}/angka/" in report
    assert public not in report  # what came along with a file proves nothing about it
    assert f"{key_id}:{public}" in client.get("/angka/").content.decode()


def test_its_arithmetic_is_the_logs():
    assert verify_evidence.link("a" * 64, 7, "b" * 64) == ledger.link("a" * 64, 7, "b" * 64)


def test_the_command_fails_on_a_file_that_was_changed(case: Case, tmp_path: Path):
    path = tmp_path / "bukti.zip"
    path.write_bytes(flip(made(case).content))

    with pytest.raises(CommandError, match="not as it was made"):
        call_command("verify_evidence", str(path))


def test_the_command_needs_no_database(tmp_path: Path, django_db_blocker, case: Case):
    path = tmp_path / "bukti.zip"
    path.write_bytes(made(case).content)

    out = io.StringIO()
    with django_db_blocker.block():
        call_command("verify_evidence", str(path), stdout=out)

    assert f"genuine: case {case.code}" in out.getvalue()


def test_an_account_that_never_booked_is_in_it_too():
    case = case_of([UserFactory(), PlaceFactory().booking.account])

    assert len(table(made(case).content, "accounts.csv")) == 2
