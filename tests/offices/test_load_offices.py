"""The official list: all or nothing, safe to repeat, told by line, column and reason."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from offices.management.commands.load_offices import OWN_LIST
from offices.models import Office, OpeningHours
from offices.services.office_file import COLUMNS
from paspor.kernel.models import AuditEvent
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db

HEADER = ",".join(COLUMNS)
KANIM = "KANIM-UJI,KANIM,Kantor Uji,II TPI,,Kota Uji,Bali,Asia/Makassar,-8.65,115.216"
MPP = "MPP-UJI,MPP,MPP Uji,,KANIM-UJI,Kota Uji,Bali,Asia/Makassar,-8.65,115.216"


def load(path: Path | None = None) -> str:
    out = StringIO()
    call_command("load_offices", *([path] if path else []), stdout=out)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path):
    def write(*lines: str, encoding: str = "utf-8", ends: str = "\n") -> Path:
        path = tmp_path / "daftar.csv"
        path.write_bytes(ends.join(lines).encode(encoding))
        return path

    return write


def test_own_list_has_156_offices():
    assert "156 kantor ditambahkan, 0 diubah, 0 tetap." in load()

    kinds = Counter(Office.objects.values_list("kind", flat=True))
    assert kinds == {"KANIM": 125, "LTSP": 16, "ULP": 10, "UKK": 3, "MPP": 2}
    assert OpeningHours.objects.count() == 156 * 5
    assert set(Office.objects.filter(needs_referral=True).values_list("kind", flat=True)) == {
        "LTSP"
    }
    event = AuditEvent.objects.get(act="load_offices")
    assert len(event.detail["added"]) == 156


def test_second_load_leaves_everything():
    load()

    assert "0 kantor ditambahkan, 0 diubah, 156 tetap." in load()
    assert AuditEvent.objects.filter(act="load_offices").count() == 1


def test_reload_keeps_what_officers_changed():
    load()
    office = Office.objects.get(code="KANIM-PALEMBANG")
    office.passport_types, office.phone, office.regency = ["REGULAR"], "0711-1", "Salah"
    office.save()
    office.opening_hours.update(stations=9)

    assert "1 diubah" in load()

    office.refresh_from_db()
    assert (office.passport_types, office.phone) == (["REGULAR"], "0711-1")
    assert office.regency == "Kota Palembang"
    assert set(office.opening_hours.values_list("stations", flat=True)) == {9}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("sep_line", [False, True])
def test_what_excel_writes_is_taken(write, delimiter: str, sep_line: bool):
    lines = [line.replace(",", delimiter) for line in (HEADER, KANIM, MPP, ",,,,,,,,,")]
    lines[1] = lines[1].replace("Kantor Uji", '"Kantor ""Uji"""')
    if sep_line:
        lines.insert(0, f"sep={delimiter}")

    load(write(*lines, "", encoding="utf-8-sig", ends="\r\n"))

    assert Office.objects.get(code="KANIM-UJI").name == 'Kantor "Uji"'
    assert Office.objects.get(code="MPP-UJI").parent.code == "KANIM-UJI"


def test_decimal_comma_of_indonesian_excel_is_taken(write):
    load(write(HEADER.replace(",", ";"), KANIM.replace(",", ";").replace("115.216", "115,216")))

    assert str(Office.objects.get().longitude) == "115.216"


def test_further_columns_are_tolerated(write):
    load(write(HEADER + ",source", KANIM + ',"a, b"'))

    assert Office.objects.count() == 1


def test_offices_may_exchange_names(write):
    second = KANIM.replace("KANIM-UJI", "KANIM-DUA").replace("Kantor Uji", "Kantor Dua")
    load(write(HEADER, KANIM, second))

    swapped = [
        KANIM.replace("Kantor Uji", "Kantor Dua"),
        second.replace("Kantor Dua", "Kantor Uji"),
    ]
    assert "2 diubah" in load(write(HEADER, *swapped))


def test_office_that_is_not_listed_stays(write):
    OfficeFactory(code="KANIM-LAIN")

    assert "KANIM-LAIN" in load(write(HEADER, KANIM))


BAD = [
    ([HEADER, KANIM, KANIM], "Baris 3, kolom code: sama dengan baris 2"),
    ([HEADER, KANIM, KANIM.replace("KANIM-UJI", "KANIM-B")], "Baris 3, kolom name: sama"),
    ([HEADER, MPP], "Baris 2, kolom parent_code: tidak ada kantor imigrasi berkode"),
    (
        [
            HEADER,
            KANIM,
            MPP,
            MPP.replace("-UJI,MPP,MPP", "-B,MPP,B").replace("KANIM-UJI", "MPP-UJI"),
        ],
        "Baris 4, kolom parent_code: tidak ada kantor imigrasi",
    ),
    ([HEADER, KANIM.replace("-8.65", "8.65")], "Baris 2, kolom latitude: di luar wilayah"),
    ([HEADER, KANIM.replace("115.216", "nan")], "Baris 2, kolom longitude: bukan angka"),
    ([HEADER, KANIM.replace("115.216", "1e2")], "Baris 2, kolom longitude: bukan angka"),
    ([HEADER, KANIM.replace("115.216", "١١٥")], "Baris 2, kolom longitude: bukan angka"),
    ([HEADER, KANIM.replace("Asia/Makassar", "Asia/Tokyo")], "kolom timezone: zona waktu tidak"),
    (
        [HEADER, KANIM.replace("Asia/Makassar", "Asia/Jakarta")],
        "Baris 2, kolom timezone: Bali memakai Asia/Makassar",
    ),
    ([HEADER, KANIM.replace("Bali", "Balli")], "Baris 2, kolom province: provinsi tidak dikenal"),
    ([HEADER, KANIM.replace("II TPI", "IV TPI")], "Baris 2, kolom class: kelas tidak dikenal"),
    ([HEADER, KANIM.replace(",KANIM,", ",KIOS,")], "Baris 2, kolom type: jenis tidak dikenal"),
    ([HEADER, KANIM.replace("II TPI,", "II TPI,KANIM-X")], "kolom parent_code: kantor imigrasi"),
    ([HEADER, MPP.replace("MPP Uji,", "MPP Uji,I TPI")], "Baris 2, kolom class: hanya"),
    ([HEADER, MPP.replace("KANIM-UJI", "")], "Baris 2, kolom parent_code: kantor induk belum"),
    ([HEADER, KANIM.replace("KANIM-UJI", "kanim uji")], "Baris 2, kolom code: hanya huruf besar"),
    ([HEADER, KANIM.replace("Kantor Uji", "")], "Baris 2, kolom name: kosong"),
    ([HEADER, KANIM.replace("Kantor Uji", "K" * 121)], "kolom name: lebih dari 120 huruf"),
    ([HEADER, KANIM.replace("Kantor Uji", "Kantor\0Uji")], "Baris 2, kolom name: berisi huruf"),
    ([HEADER, KANIM + ",lebih"], "Baris 2, kolom -: ada 11 kolom, seharusnya 10"),
    ([HEADER, KANIM.replace("Kantor Uji", '"Kantor')], "Baris 2, kolom -: tanda kutip"),
    ([HEADER.replace("province,", ""), KANIM], "Baris 1, kolom province: kolom wajib tidak ada"),
    ([HEADER + ",code", KANIM + ",X"], "Baris 1, kolom code: kolom muncul dua kali"),
    ([HEADER], "tidak berisi satu kantor pun"),
    ([""], "Baris 1, kolom code: kolom wajib tidak ada"),
    ([HEADER, '"KANIM-A', 'B"' + KANIM[9:], ""], "Baris 2, kolom code"),
]


@pytest.mark.parametrize(("lines", "told"), BAD)
def test_bad_row_stops_the_load_and_changes_nothing(write, lines: list[str], told: str):
    with pytest.raises(CommandError, match="Tidak ada yang diubah") as caught:
        load(write(*lines))

    assert told in str(caught.value)
    assert not Office.objects.exists()


def test_text_that_is_not_utf8_is_told_by_line(write):
    with pytest.raises(CommandError, match="Baris 2.*UTF-8"):
        load(write(HEADER, KANIM.replace("Uji", "Üji"), encoding="latin-1"))


def test_missing_file_is_told(tmp_path: Path):
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        load(tmp_path / "tiada.csv")


def test_name_of_an_office_outside_the_list_is_refused(write):
    OfficeFactory(code="KANIM-LAIN", name="Kantor Uji")

    with pytest.raises(CommandError, match="sudah dipakai KANIM-LAIN"):
        load(write(HEADER, KANIM))


def test_kanim_with_branches_outside_the_list_stays_a_kanim(write):
    kanim = OfficeFactory(code="MPP-UJI")
    OfficeFactory(code="ULP-LAIN", kind="ULP", parent=kanim, grade="")

    with pytest.raises(CommandError, match="masih menjadi induk ULP-LAIN"):
        load(write(HEADER, KANIM, MPP))


def test_own_list_carries_facts_only():
    assert OWN_LIST.read_text("utf-8").splitlines()[0] == HEADER
