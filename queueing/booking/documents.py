"""What to bring, by what one comes for and by age. Pure; the words are marked for gettext.

Sources: UU 6/2011 article 66 and its rules as the offices publish them (documents of a
new passport, of a replacement, of children), Permenkumham 8/2014 article 41 (lost).
"""

from collections.abc import Iterable
from datetime import date

from paspor.kernel.errors import N_
from queueing.booking.rules import age_on

ADULT_FROM_YEARS = 17
# How long before their hour people are asked to come; every page and mail says the same.
ARRIVE_EARLY_MINUTES = 15

KTP = N_("KTP elektronik asli")
FAMILY_CARD = N_("Kartu keluarga (KK) asli")
BIRTH_PAPER = N_(
    "Salah satu: akta kelahiran, buku nikah, ijazah, atau surat baptis asli, yang memuat nama, "
    "tempat dan tanggal lahir, serta nama orang tua"
)
OLD_PASSPORT = N_("Paspor lama")
OLD_ISSUE = N_(
    "Bila paspor lama terbit sebelum 2010, terbit di luar negeri, atau datanya berbeda: "
    "KK dan akta kelahiran, buku nikah, atau ijazah"
)
POLICE_REPORT = N_("Surat laporan kehilangan dari kepolisian")
CHANGE_PROOF = N_("Surat yang membuktikan perubahan data, misalnya penetapan pengadilan")
PARENTS_KTP = N_("KTP elektronik kedua orang tua")
BIRTH_CERTIFICATE = N_("Akta kelahiran anak")
MARRIAGE_BOOK = N_("Buku nikah atau akta perkawinan orang tua")
PARENTS_PASSPORTS = N_("Paspor orang tua, bila ada")
PARENTS_STATEMENT = N_("Surat pernyataan kedua orang tua bermeterai Rp 10.000")
BOTH_PARENTS = N_(
    "Kedua orang tua ikut datang; yang berhalangan memberi surat kuasa. Bila bercerai: "
    "penetapan hak asuh"
)

FOR_ADULTS = {
    "NEW": (KTP, FAMILY_CARD, BIRTH_PAPER),
    "REPLACEMENT": (KTP, OLD_PASSPORT, OLD_ISSUE),
    "LOST": (KTP, FAMILY_CARD, BIRTH_PAPER, POLICE_REPORT),
    "DAMAGED": (KTP, FAMILY_CARD, BIRTH_PAPER, OLD_PASSPORT),
    "DATA_CHANGE": (KTP, FAMILY_CARD, BIRTH_PAPER, OLD_PASSPORT, CHANGE_PROOF),
}
FOR_CHILDREN = (
    PARENTS_KTP,
    FAMILY_CARD,
    BIRTH_CERTIFICATE,
    MARRIAGE_BOOK,
    PARENTS_PASSPORTS,
    PARENTS_STATEMENT,
    BOTH_PARENTS,
)
ALSO_FOR_CHILDREN = {
    "NEW": (),
    "REPLACEMENT": (OLD_PASSPORT,),
    "LOST": (POLICE_REPORT,),
    "DAMAGED": (OLD_PASSPORT,),
    "DATA_CHANGE": (OLD_PASSPORT, CHANGE_PROOF),
}
# The passport that is lost, damaged or wrong is looked into first, and may take another visit.
EXAMINED_FIRST = frozenset({"LOST", "DAMAGED", "DATA_CHANGE"})

# Documents, photograph, fingerprints and interview of the first person, in minutes.
FIRST_PERSON_MINUTES = 45


def is_child(born: date | None, day: date) -> bool:
    """On that day; who was born when is not known counts as an adult."""
    return born is not None and age_on(day, born) < ADULT_FROM_YEARS


def to_bring(kind: str, *, is_child: bool) -> tuple[str, ...]:
    """The originals that one person of this age needs for this kind of request."""
    return FOR_CHILDREN + ALSO_FOR_CHILDREN[kind] if is_child else FOR_ADULTS[kind]


def lists(
    people: Iterable[tuple[str, str, date | None]], *, day: date
) -> list[tuple[list[str], tuple[str, ...]]]:
    """(names, originals) for the people of a visit on ``day``, each list once.

    Of each person: name, kind of request and birth date; unknown, they count as adults.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for name, kind, born in people:
        found.setdefault(to_bring(kind, is_child=is_child(born, day)), []).append(name)
    return [(names, items) for items, names in found.items()]


def visit_minutes(people: int, minutes_each: int) -> int:
    """About how long a visit takes, up to the next quarter of an hour."""
    return -(-(FIRST_PERSON_MINUTES + (people - 1) * minutes_each) // 15) * 15
