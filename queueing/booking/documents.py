"""What to bring, by what one comes for and by age. Pure; the words are marked for gettext.

One list for the guided questions, the office's page, the ticket and its mails. Where no
answer was given, an item says itself what if; ``for_errand`` puts the answers in its place.
"""

from collections.abc import Iterable
from datetime import date

from paspor.kernel.errors import N_
from queueing.booking.errands import Errand
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
    "Bila paspor lama terbit sebelum 2010 atau di luar negeri: "
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

# In the place of those that say "what if", for whoever has answered.
PARENTS_COME = N_("Kedua orang tua ikut datang")
ONE_PARENT_COMES = N_("Orang tua yang dapat datang ikut datang")
POWER_OF_ATTORNEY = N_("Surat kuasa dari orang tua yang berhalangan")
CUSTODY_KTP = N_("KTP elektronik orang tua pemegang hak asuh")
DIVORCE_PAPER = N_("Akta cerai atau putusan pengadilan tentang perceraian")
CUSTODY_RULING = N_("Penetapan pengadilan tentang hak asuh anak")
CUSTODY_PARENT = N_("Orang tua pemegang hak asuh ikut datang")
CUSTODY_STATEMENT = N_("Surat pernyataan orang tua pemegang hak asuh bermeterai Rp 10.000")
OWN_MARRIAGE = N_("Buku nikah atau akta perkawinan yang bersangkutan")
DISASTER_PROOF = N_("Surat keterangan musibah (keadaan kahar) dari pejabat yang berwenang")

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
# The regulation that each comes from.
ADULTS = N_("Permenkumham 8/2014 pasal 4")
CHILDREN = N_("Permenkumham 8/2014 pasal 5")
BOTH_AGES = N_("Permenkumham 8/2014 pasal 4 dan 5")
LOST_OR_DAMAGED = N_("Permenkumham 8/2014 pasal 41")
REPLACING = N_("UU 6/2011 pasal 66")
MARRIED_YOUNG = N_("Permenkumham 18/2022")
SOURCES = {
    KTP: ADULTS,
    FAMILY_CARD: BOTH_AGES,
    BIRTH_PAPER: ADULTS,
    OLD_PASSPORT: BOTH_AGES,
    OLD_ISSUE: REPLACING,
    CHANGE_PROOF: BOTH_AGES,
    POLICE_REPORT: LOST_OR_DAMAGED,
    DISASTER_PROOF: LOST_OR_DAMAGED,
    OWN_MARRIAGE: MARRIED_YOUNG,
} | dict.fromkeys(
    (
        *(PARENTS_KTP, BIRTH_CERTIFICATE, MARRIAGE_BOOK, PARENTS_PASSPORTS),
        *(PARENTS_STATEMENT, BOTH_PARENTS, PARENTS_COME, ONE_PARENT_COMES),
        *(POWER_OF_ATTORNEY, CUSTODY_RULING, CUSTODY_PARENT, CUSTODY_STATEMENT),
        *(CUSTODY_KTP, DIVORCE_PAPER),
    ),
    CHILDREN,
)

# What is told of an errand, and what it puts in the place of "what if".
EXACTLY: dict[str, dict[str, tuple[str, ...]]] = {
    "PLAIN": {OLD_ISSUE: ()},
    "OTHER": {OLD_ISSUE: (FAMILY_CARD, BIRTH_PAPER)},
    "BOTH": {BOTH_PARENTS: (PARENTS_COME,)},
    "ONE": {BOTH_PARENTS: (ONE_PARENT_COMES, POWER_OF_ATTORNEY)},
    "CUSTODY": {
        PARENTS_KTP: (CUSTODY_KTP,),
        MARRIAGE_BOOK: (DIVORCE_PAPER,),
        PARENTS_STATEMENT: (CUSTODY_STATEMENT,),
        BOTH_PARENTS: (CUSTODY_PARENT, CUSTODY_RULING),
    },
}

# The passport that is lost, damaged or wrong is looked into first, and may take another visit.
EXAMINED_FIRST = frozenset({"LOST", "DAMAGED", "DATA_CHANGE"})
BY_ACCIDENT = frozenset({"LOST", "DAMAGED"})
# What that means, in sentences: first what holds for all of them.
EXAMINED = N_(
    "Paspor hilang, rusak, atau berubah data diperiksa dahulu di kantor. Penerbitannya dapat "
    "memerlukan kunjungan kedua."
)
EXAMINATION = (
    N_(
        "Pada kunjungan pertama petugas bertanya bagaimana kejadiannya dan menuliskannya dalam "
        "Berita Acara Pemeriksaan (BAP)."
    ),
    N_(
        "Kantor memutuskan berdasarkan BAP itu. Foto, sidik jari, dan pembayaran menyusul sesudah "
        "permohonan disetujui, sering pada kunjungan kedua."
    ),
    N_(
        "Bila ternyata karena kelalaian, penerbitan dapat ditangguhkan 6 bulan sampai 2 tahun "
        "(Permenkumham 8/2014 pasal 41)."
    ),
)

# Documents, photograph, fingerprints and interview of the first person, in minutes.
FIRST_PERSON_MINUTES = 45


def is_child(born: date | None, day: date) -> bool:
    """On that day; who was born when is not known counts as an adult."""
    return born is not None and age_on(day, born) < ADULT_FROM_YEARS


def to_bring(kind: str, *, is_child: bool) -> tuple[str, ...]:
    """The originals that one person of this age needs for this kind of request."""
    return FOR_CHILDREN + ALSO_FOR_CHILDREN[kind] if is_child else FOR_ADULTS[kind]


def for_errand(errand: Errand, *, is_child: bool) -> tuple[str, ...]:
    """The originals for an errand that is told in full: nothing that says "what if"."""
    married_young = is_child and errand.is_married
    said = {errand.old_passport, errand.parents}
    found: list[str] = []
    for item in to_bring(errand.kind, is_child=is_child and not married_young):
        ways = [EXACTLY[code][item] for code in EXACTLY if code in said and item in EXACTLY[code]]
        found += ways[0] if ways else (item,)
    if married_young:
        found.append(OWN_MARRIAGE)
    if errand.by_disaster:
        found.append(DISASTER_PROOF)
    return tuple(dict.fromkeys(found))


def with_sources(items: Iterable[str]) -> list[dict[str, str]]:
    """For queueing/_checklist.html and the API."""
    return [{"text": item, "source": SOURCES[item]} for item in items]


def examination(kind: str) -> tuple[str, ...]:
    """What whoever comes for this goes through first, in sentences; mostly nothing."""
    if kind in BY_ACCIDENT:
        return EXAMINATION
    return (EXAMINED,) if kind in EXAMINED_FIRST else ()


def examined(kinds: Iterable[str]) -> str:
    """That somebody's passport is looked into first, where one of them comes for such a thing."""
    return EXAMINED if EXAMINED_FIRST.intersection(kinds) else ""


def lists(
    people: Iterable[tuple[str, Errand, bool]],
) -> list[tuple[list[str], tuple[str, ...]]]:
    """(names, originals) for the people of a visit, each list once.

    Of each person: name, errand, and whether they are a child on the day of the visit.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for name, errand, is_child in people:
        items = for_errand(errand, is_child=is_child)
        found.setdefault(items, []).append(name)
    return [(names, items) for items, names in found.items()]


def visit_minutes(people: int, minutes_each: int) -> int:
    """About how long a visit takes, up to the next quarter of an hour."""
    return -(-(FIRST_PERSON_MINUTES + (people - 1) * minutes_each) // 15) * 15
