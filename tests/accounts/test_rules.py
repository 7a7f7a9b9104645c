"""NIK, KK, names, phones: tables of cases, no database. All people are invented."""

import datetime as dt

import pytest

from accounts import rules
from accounts.errors import (
    BirthDateInvalid,
    GuardianNeeded,
    KkInvalid,
    NameInvalid,
    NikInvalid,
    PhoneInvalid,
    SexInvalid,
)
from tests.factories import invented_nik

MAN = "3171991708450001"
WOMAN = "3171995708450001"
BORN = dt.date(1945, 8, 17)


@pytest.mark.parametrize(
    "nik",
    [
        MAN,
        WOMAN,
        "3171993112990001",  # 31 December
        "3171997112990001",  # a woman born on a 31st
        "3171992902000001",  # 29 February 2000
        "3171992902040001",  # 29 February 2004
        "9999990101010001",  # a province that is not in the table is still a NIK
    ],
)
def test_a_possible_nik_is_taken(nik: str) -> None:
    rules.check_nik(nik)


@pytest.mark.parametrize(
    ("nik", "says"),
    [
        ("", "Isi NIK"),
        ("317199170845000", "16 angka"),  # 15 digits
        ("31719917084500011", "16 angka"),
        ("317199170845000A", "hanya berisi angka"),
        ("ABCDEFGHIJKLMNOP", "hanya berisi angka"),
        ("３１７１９９１７０８４５０００１", "angka biasa"),  # full width
        ("٣١٧١٩٩١٧٠٨٤٥٠٠٠١", "angka biasa"),  # Arabic-Indic
        ("1111111111111111", "semua angkanya sama"),
        ("3171991708450000", "0000"),
        ("3171993202450001", "bukan tanggal lahir"),  # day 32
        ("3171994008450001", "bukan tanggal lahir"),  # day 40 is neither man nor woman
        ("3171997208450001", "bukan tanggal lahir"),  # day 72
        ("3171990008450001", "bukan tanggal lahir"),
        ("3171991700450001", "bukan tanggal lahir"),
        ("3171991713450001", "bukan tanggal lahir"),
        ("3171993102450001", "bukan tanggal lahir"),  # 31 February
        ("3171992902450001", "bukan tanggal lahir"),  # no leap year in any century
        ("3171997104450001", "bukan tanggal lahir"),  # 31 April, a woman
    ],
)
def test_an_impossible_nik_is_refused_with_its_fault(nik: str, says: str) -> None:
    with pytest.raises(NikInvalid) as refusal:
        rules.check_nik(nik)
    assert says in refusal.value.fields["nik"][0]


@pytest.mark.parametrize(
    ("nik", "born", "sex", "found"),
    [
        (MAN, BORN, "M", []),
        (WOMAN, BORN, "F", []),
        (MAN, dt.date(1945, 8, 18), "M", [rules.BIRTH_DATE_DIFFERS]),
        (MAN, dt.date(2045, 8, 17), "M", []),  # two digits say nothing of the century
        (MAN, BORN, "F", [rules.SEX_DIFFERS]),
        ("9999991708450001", BORN, "M", [rules.PROVINCE_UNKNOWN]),
        (
            "2099995708450001",
            dt.date(1990, 1, 1),
            "M",
            [rules.BIRTH_DATE_DIFFERS, rules.SEX_DIFFERS, rules.PROVINCE_UNKNOWN],
        ),
    ],
)
def test_what_real_niks_disagree_on_is_only_a_finding(
    nik: str, born: dt.date, sex: str, found: list[str]
) -> None:
    rules.check_nik(nik)
    assert rules.nik_warnings(nik, born, sex) == found


def test_all_38_provinces_and_the_codes_of_old_ones_are_known() -> None:
    assert len(rules.PROVINCES) == 38
    assert {11, 21, 31, 36, 65, 76, 82, 91, 96} <= rules.PROVINCES
    assert not {20, 37, 54, 66, 77, 83, 97} & rules.PROVINCES


@pytest.mark.parametrize(
    "typed", ["3171 9917 0845 0001", "3171.991708.450001", " 3171-9917-0845-0001 "]
)
def test_what_people_type_between_the_digits_is_dropped(typed: str) -> None:
    assert rules.tidy_number(typed) == MAN


def test_a_kk_number_needs_16_digits_and_its_date_is_a_finding() -> None:
    rules.check_kk("3171990101100001")
    for kk in ("317199010110000", "317199010110000X", "３１７１９９０１０１１００００１"):
        with pytest.raises(KkInvalid):
            rules.check_kk(kk)
    assert rules.kk_warnings("3171990101100001") == []
    assert rules.kk_warnings("3171994101100001") == [rules.KK_DATE_ODD]  # no + 40 here


@pytest.mark.parametrize(
    "name",
    [
        "Suwarni",
        "X",
        "Ma'ruf Al-Amin",
        "D’Costa",
        "Dr. Siti Nurhaliza, S.H.",
        "José Ñandú",
        "A" * 100,
        "Ny. Tan A/P Lim",
    ],
)
def test_a_name_as_on_the_ktp_is_taken(name: str) -> None:
    rules.check_name(rules.tidy_name(name))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Isi nama"),
        ("   ", "Isi nama"),
        ("' - .", "Isi nama"),
        ("A" * 101, "100"),
        ("A" * 200, "100"),
        ("ꦱꦸꦮꦂꦤꦶ", "Latin"),  # Javanese
        ("สมชาย", "Latin"),
        ("محمد", "Latin"),
        ("李小龍", "Latin"),
        ("Ｓｉｔｉ", "Latin"),  # full width
        ("Siti 😀", "Latin"),
        ("Siti2", "angka"),
        ("Siti\x00Aminah", "tidak terlihat"),
        ("Siti\nAminah", "tidak terlihat"),
        ("Siti\u200bAminah", "tidak terlihat"),
        ("\u202eitiS", "tidak terlihat"),  # right-to-left override
    ],
)
def test_what_cannot_be_a_name_on_a_ktp_is_refused(name: str, says: str) -> None:
    with pytest.raises(NameInvalid) as refusal:
        rules.check_name(rules.tidy_name(name))
    assert says in refusal.value.fields["name"][0]


def test_a_name_is_tidied_not_changed() -> None:
    assert rules.tidy_name("  Siti   Aminah ") == "Siti Aminah"
    assert rules.tidy_name("Jose\u0301") == "José"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("0812 3456 7890", "+6281234567890"),
        ("62-812-3456-7890", "+6281234567890"),
        ("+62 (812) 3456.7890", "+6281234567890"),
        ("+60123456789", "+60123456789"),
    ],
)
def test_a_phone_number_is_stored_as_e164(typed: str, stored: str) -> None:
    assert rules.normalise_phone(typed) == stored


@pytest.mark.parametrize("typed", ["12", "telepon", "+0812345678", "0812３４５６", "+" + "1" * 16])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        rules.normalise_phone(typed)


TODAY = dt.date(2030, 3, 1)


def test_a_birth_date_lies_in_the_past_but_not_in_another_age() -> None:
    rules.check_birth_date(TODAY, today=TODAY)
    rules.check_birth_date(dt.date(1900, 1, 1), today=TODAY)
    for born in (dt.date(2030, 3, 2), dt.date(1899, 12, 31)):
        with pytest.raises(BirthDateInvalid):
            rules.check_birth_date(born, today=TODAY)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (dt.date(2013, 3, 1), 17),
        (dt.date(2013, 3, 2), 16),
        (dt.date(2012, 2, 29), 18),
        (dt.date(2030, 3, 1), 0),
    ],
)
def test_an_age_counts_full_years(born: dt.date, age: int) -> None:
    assert rules.age_on(born, TODAY) == age


def test_a_child_needs_the_word_of_a_guardian() -> None:
    child, adult = dt.date(2013, 3, 2), dt.date(2013, 3, 1)
    rules.check_guardian(adult, declared=False, today=TODAY, adult_age=17)
    rules.check_guardian(child, declared=True, today=TODAY, adult_age=17)
    with pytest.raises(GuardianNeeded):
        rules.check_guardian(child, declared=False, today=TODAY, adult_age=17)


@pytest.mark.parametrize("sex", ["", "X", "f", "MALE"])
def test_sex_is_one_of_the_two_that_a_nik_knows(sex: str) -> None:
    with pytest.raises(SexInvalid):
        rules.check_sex(sex)


def test_findings_are_of_whole_numbers_and_of_what_is_known_only():
    born = dt.date(1990, 8, 17)
    man = invented_nik(1, born)

    def said(nik: str, kk: str = "", birth_date: dt.date | None = born, sex: str = "M"):
        return rules.findings(nik, kk, birth_date=birth_date, sex=sex)

    assert said(man) == []
    assert said(man[:12], man[:3]) == []
    assert said(man, birth_date=None, sex="") == []
    assert said(man, birth_date=dt.date(1990, 8, 18)) == [rules.BIRTH_DATE_DIFFERS]
    assert said(man, sex="F") == [rules.SEX_DIFFERS]
    assert said("00" + man[2:], "3171990000000001") == [rules.PROVINCE_UNKNOWN, rules.KK_DATE_ODD]
