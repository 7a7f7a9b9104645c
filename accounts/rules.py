"""What can be said of a NIK, a KK number, a name, a phone number, a sign-up. Pure.

A NIK is PPKKCC DDMMYY SSSS: where first registered, birth date (women: day + 40), serial.
It is never re-issued, even where it disagrees with the true birth date, so a difference
is a finding for the counter and not an error. There is no check digit.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.errors import (
    BirthDateInvalid,
    GuardianNeeded,
    KkInvalid,
    ListLimitReached,
    MailDomainInvalid,
    NameInvalid,
    NikInvalid,
    PhoneInvalid,
    SexInvalid,
)
from paspor.kernel.errors import N_

DIGITS = 16
REGION_DIGITS = 6
STEM_DIGITS = 12  # region and birth date; the serial follows
WOMAN_DAY_OFFSET = 40
NAME_LENGTH = 100
SEXES = frozenset({"F", "M"})
EARLIEST_BIRTH = dt.date(1900, 1, 1)
# 11 Aceh … 96; old numbers keep the codes of provinces that have since been split.
PROVINCES = frozenset(
    [*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77)]
    + [81, 82, *range(91, 97)]
)
NAME_MARKS = frozenset(" '’ʼ`-.,/")
SEPARATORS = re.compile(r"[ .\-]")
DOMAIN = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.ASCII)
DOMAIN_LENGTH = 253
GMAIL = frozenset({"gmail.com", "googlemail.com"})
PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
# Of Indonesia's mobile numbers: those on land receive no text.
MOBILE = re.compile(r"\+628[1-9][0-9]{6,10}", re.ASCII)

BIRTH_DATE_DIFFERS = "nik_birth_date_differs"
SEX_DIFFERS = "nik_sex_differs"
PROVINCE_UNKNOWN = "nik_province_unknown"
KK_DATE_ODD = "kk_date_odd"


class Road(StrEnum):
    """How an account was verified."""

    MAIL = "mail"
    COUNTER = "counter"
    TEXT = "text"


class Identity(StrEnum):
    """How far it is known that somebody is who they say: the registry's word, or an officer's."""

    NOT_CHECKED = "not_checked"
    MATCHED = "matched"
    DIFFERS = "differs"
    NOT_FOUND = "not_found"
    SEEN = "seen"


@dataclass(frozen=True)
class Nik:
    """The parts of a NIK; ``year`` has two digits, ``day`` is already without the + 40."""

    province: int
    day: int
    month: int
    year: int
    sex: str
    serial: int


def tidy_number(text: str) -> str:
    """Without the spaces, dots and dashes that people put in to read it."""
    return SEPARATORS.sub("", text.strip())


def _sixteen_digits(text: str, empty: str, letters: str, length: str) -> str:
    """The fault of what should be 16 ASCII digits, or an empty text."""
    if not text:
        return empty
    if any(ch.isdigit() and not ch.isascii() for ch in text):
        return N_("Tulis dengan angka biasa 0 sampai 9; bentuk angka lain tidak dikenali.")
    if not (text.isascii() and text.isdigit()):
        return letters
    return "" if len(text) == DIGITS else length


def _may_be_date(day: int, month: int, year: int) -> bool:
    for century in (1900, 2000):
        try:
            dt.date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def parse_nik(nik: str) -> Nik:
    """The parts of 16 ASCII digits; says nothing of whether they make sense."""
    day = int(nik[6:8])
    is_woman = day > WOMAN_DAY_OFFSET
    return Nik(
        province=int(nik[:2]),
        day=day - WOMAN_DAY_OFFSET if is_woman else day,
        month=int(nik[8:10]),
        year=int(nik[10:12]),
        sex="F" if is_woman else "M",
        serial=int(nik[12:]),
    )


def _nik_fault(nik: str) -> str:
    fault = _sixteen_digits(
        nik,
        N_("Isi NIK."),
        N_("NIK hanya berisi angka."),
        N_("NIK terdiri atas 16 angka. Periksa kembali jumlahnya."),
    )
    if fault:
        return fault
    if len(set(nik)) == 1:
        return N_("NIK ini tidak mungkin ada: semua angkanya sama.")
    parts = parse_nik(nik)
    if parts.serial == 0:
        return N_("NIK ini tidak mungkin ada: empat angka terakhirnya 0000.")
    if not _may_be_date(parts.day, parts.month, parts.year):
        return N_("NIK ini tidak mungkin ada: angka ke-7 sampai ke-12 bukan tanggal lahir.")
    return ""


def check_nik(nik: str) -> None:
    fault = _nik_fault(nik)
    if fault:
        raise NikInvalid(fields={"nik": [fault]})


def nik_warnings(nik: str, birth_date: dt.date | None, sex: str) -> list[str]:
    """What differs where real NIKs are known to differ; never a refusal.

    A birth date or a sex that is not known (None, empty) differs from nothing.
    """
    parts = parse_nik(nik)
    found = []
    if birth_date and (parts.day, parts.month, parts.year) != (
        birth_date.day,
        birth_date.month,
        birth_date.year % 100,
    ):
        found.append(BIRTH_DATE_DIFFERS)
    if sex and parts.sex != sex:
        found.append(SEX_DIFFERS)
    if parts.province not in PROVINCES:
        found.append(PROVINCE_UNKNOWN)
    return found


def _kk_fault(kk: str) -> str:
    return _sixteen_digits(
        kk,
        N_("Isi nomor KK."),
        N_("Nomor KK hanya berisi angka."),
        N_("Nomor KK terdiri atas 16 angka. Periksa kembali jumlahnya."),
    )


def check_kk(kk: str) -> None:
    fault = _kk_fault(kk)
    if fault:
        raise KkInvalid(fields={"kk": [fault]})


def kk_warnings(kk: str) -> list[str]:
    """Digits 7 to 12 tell when the family was recorded, without the + 40."""
    is_date = _may_be_date(int(kk[6:8]), int(kk[8:10]), int(kk[10:12]))
    return [] if is_date else [KK_DATE_ODD]


def findings(nik: str, kk: str, *, birth_date: dt.date | None, sex: str) -> list[str]:
    """The soft findings of two numbers, either of which may still be empty or half typed."""
    found = [] if _nik_fault(nik) else nik_warnings(nik, birth_date, sex)
    return found if _kk_fault(kk) else found + kk_warnings(kk)


def tidy_name(name: str) -> str:
    """One space between words, none around; composed letters."""
    return " ".join(part for part in unicodedata.normalize("NFC", name).split(" ") if part)


def _is_latin(ch: str) -> bool:
    return unicodedata.name(ch, "").startswith("LATIN ")


def _name_fault(name: str) -> str:
    if not name:
        return N_("Isi nama.")
    if len(name) > NAME_LENGTH:
        return N_("Nama paling panjang 100 huruf.")
    if any(unicodedata.category(ch)[0] == "C" or ch in "\u2028\u2029" for ch in name):
        return N_("Nama memuat tanda yang tidak terlihat. Ketik ulang namanya.")
    letters = [ch for ch in name if ch not in NAME_MARKS]
    if any(ch.isdecimal() for ch in letters):
        return N_("Nama tidak memuat angka.")
    if any(not _is_latin(ch) and unicodedata.category(ch) != "Mn" for ch in letters):
        return N_("Tulis nama dengan huruf Latin, persis seperti di KTP.")
    return "" if any(map(_is_latin, letters)) else N_("Isi nama.")


def check_name(name: str) -> None:
    """A name of one word is a normal name, and so is one with an apostrophe."""
    fault = _name_fault(name)
    if fault:
        raise NameInvalid(fields={"name": [fault]})


def check_sex(sex: str) -> None:
    if sex not in SEXES:
        raise SexInvalid(fields={"sex": [SexInvalid.message]})


def check_birth_date(birth_date: dt.date, *, today: dt.date) -> None:
    if birth_date > today:
        fault = N_("Tanggal lahir belum terjadi. Periksa tahunnya.")
    elif birth_date < EARLIEST_BIRTH:
        fault = N_("Tanggal lahir terlalu lama. Periksa tahunnya.")
    else:
        return
    raise BirthDateInvalid(fields={"birth_date": [fault]})


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Full years; someone born on 29 February is a year older from 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def check_guardian(birth_date: dt.date, *, declared: bool, today: dt.date, adult_age: int) -> None:
    """Children's data are sensitive by law (UU 27/2022, articles 4 and 25)."""
    if not declared and age_on(birth_date, today) < adult_age:
        raise GuardianNeeded(fields={"guardian_declared": [GuardianNeeded.message]})


def normalise_phone(text: str) -> str:
    """E.164: "0812-3456-789" becomes "+628123456789"; an empty text stays empty."""
    number = re.sub(r"[ .()\-]", "", text.strip())
    if not number:
        return ""
    if number.startswith("0"):
        number = "+62" + number[1:]
    elif number.startswith("62"):
        number = "+" + number
    if not PHONE.fullmatch(number):
        fault = N_("Tulis nomor telepon seperti 0812 3456 7890 atau +62 812 3456 7890.")
        raise PhoneInvalid(fields={"phone": [fault]})
    return number


def check_text_phone(number: str, *, abroad: bool) -> None:
    """A number that a text can be sent to, as ``normalise_phone`` writes it. Raises PhoneInvalid.

    Numbers abroad cost many times as much, and some of them pay whoever has texts sent there.
    """
    if MOBILE.fullmatch(number) or (abroad and number and not number.startswith("+62")):
        return
    fault = N_("Tulis nomor telepon seluler Indonesia, seperti 0812 3456 7890.")
    raise PhoneInvalid(fields={"phone": [fault]})


def identity_of(outcome: str, source: str) -> Identity:
    """What a settled or waiting check tells of a person (models.IdentityCheck)."""
    if source == "OFFICER":
        return Identity.SEEN
    return {
        "MATCH": Identity.MATCHED,
        "MISMATCH": Identity.DIFFERS,
        "NOT_FOUND": Identity.NOT_FOUND,
    }.get(outcome, Identity.NOT_CHECKED)


def next_pause(attempts: int, *, first: dt.timedelta, longest: dt.timedelta) -> dt.timedelta:
    """How long to wait after so many attempts in vain: twice as long each time."""
    return min(first * 2 ** min(attempts - 1, 16), longest)


@dataclass(frozen=True)
class SignUps:
    """How many there were lately of one kind; or, as a measure, from how many on it is a lot."""

    from_device: int
    from_address: int
    at_new_domain: int
    in_this_minute: int


def sign_up_pressure(seen: SignUps, a_lot: SignUps) -> float:
    """How far the busiest of these is: from 1 on a proof of work is asked for."""
    return max(
        seen.from_device / a_lot.from_device,
        seen.from_address / a_lot.from_address,
        seen.at_new_domain / a_lot.at_new_domain,
        seen.in_this_minute / a_lot.in_this_minute,
    )


def tidy_domain(text: str) -> str:
    """The domain as mail servers write it: small letters, other scripts in their ASCII form.

    Raises MailDomainInvalid.
    """
    name = text.strip().strip(".").lower()
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if len(name) > DOMAIN_LENGTH or not DOMAIN.fullmatch(name):
        raise MailDomainInvalid(fields={"domain": [MailDomainInvalid.message]})
    return name


def domains_of(email: str) -> list[str]:
    """The address's domain and those above it, the nearest first; none that cannot be one."""
    try:
        labels = tidy_domain(email.rpartition("@")[2]).split(".")
    except MailDomainInvalid:
        return []
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def is_disposable(
    domains: Sequence[str], verdicts: Mapping[str, str], listed: Container[str]
) -> bool:
    """Whether mail to this domain goes to a mailbox that is thrown away.

    ``domains`` as domains_of gives them. An officer's verdict on the nearest of them wins
    over what is listed.
    """
    for domain in domains:
        if domain in verdicts:
            return verdicts[domain] == "BLOCKED"
    return any(domain in listed for domain in domains)


def mail_key(email: str) -> str:
    """One name for what is one mailbox, as accounts_mail_key makes it in the database."""
    name, _at, domain = email.lower().rpartition("@")
    box = name.split("+", 1)[0] or name
    if domain in GMAIL:
        return box.replace(".", "") + "@gmail.com"
    return f"{box}@{domain}"


def check_list_limit(
    limit: str, moments: Sequence[dt.datetime], *, most: int, days: int, now: dt.datetime
) -> None:
    """Raise ListLimitReached where ``most`` of these, the newest first, are not ``days`` old.

    ``now`` is in the zone to be told.
    """
    if len(moments) < most:
        return
    ends_at = moments[most - 1] + dt.timedelta(days=days)
    if ends_at > now:
        raise ListLimitReached(
            limit=limit, ends_at=ends_at.astimezone(now.tzinfo), now=now, most=most, span=days
        )
