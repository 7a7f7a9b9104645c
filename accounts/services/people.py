"""Persons by their NIK, and what of an applicant is sealed."""

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts import rules, selectors
from accounts.models import Applicant, Person
from paspor.kernel import cipher


@transaction.atomic
def find_or_make_person(nik: str) -> Person:
    """The one Person of a NIK. Two callers at once get the same row."""
    _lock_while_rotating(nik)
    found = selectors.person_with_nik(nik)
    if found is not None:
        return found
    following = settings.PERSON_DIGEST_KEY_NEXT
    try:
        with transaction.atomic():
            return Person.objects.create(
                digest=cipher.person_digest(nik),
                digest_next=cipher.person_digest(nik, key=following) if following else None,
            )
    except IntegrityError:
        return Person.objects.get(digest=cipher.person_digest(nik))


def _lock_while_rotating(nik: str) -> None:
    """With two keys in use, two nodes may name one NIK by different digests, which no
    unique column would notice; a lock on the pair of them makes them take turns.
    """
    if settings.PERSON_DIGEST_KEY_NEXT:
        pair = min(cipher.person_digest(nik, key=key) for key in selectors.digest_keys())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [pair])


def seal_nik(applicant: Applicant, nik: str) -> None:
    """Set what the row keeps of a NIK; the caller saves it."""
    key, sealed = cipher.encrypt(nik, bound_to=f"nik:{applicant.code}")
    applicant.nik_key = key
    applicant.nik_sealed = sealed
    applicant.nik_last4 = nik[-4:]
    applicant.nik_region = _part_digest("region", nik[: rules.REGION_DIGITS])
    applicant.nik_stem = _part_digest("stem", nik[: rules.STEM_DIGITS])


def _part_digest(part: str, digits: str) -> str:
    """Prefixed, so that a part never has the digest of another; half of it tells them apart."""
    return cipher.person_digest(f"{part}:{digits}")[
        : Applicant._meta.get_field("nik_stem").max_length
    ]


def open_nik(applicant: Applicant) -> str:
    """The NIK in clear. Whoever shows it to a person records the reading."""
    return cipher.decrypt(applicant.nik_key, applicant.nik_sealed, bound_to=f"nik:{applicant.code}")


def seal_kk(applicant: Applicant, kk: str) -> None:
    """Set what the row keeps of a KK number, or nothing for an empty one."""
    if not kk:
        applicant.kk_key, applicant.kk_sealed, applicant.kk_digest = "", None, ""
        return
    applicant.kk_key, applicant.kk_sealed = cipher.encrypt(kk, bound_to=f"kk:{applicant.code}")
    # Prefixed, so that a KK number never has the digest of a NIK.
    applicant.kk_digest = cipher.person_digest(f"kk:{kk}")


def open_kk(applicant: Applicant) -> str:
    if applicant.kk_sealed is None:
        return ""
    return cipher.decrypt(applicant.kk_key, applicant.kk_sealed, bound_to=f"kk:{applicant.code}")


def findings(nik: str, applicant: Applicant, kk: str) -> list[str]:
    """What differs in the numbers of this applicant, softly."""
    return rules.findings(nik, kk, birth_date=applicant.birth_date, sex=applicant.sex)


SEALED_FIELDS = [
    "nik_key",
    "nik_sealed",
    "nik_last4",
    "nik_region",
    "nik_stem",
    "kk_key",
    "kk_sealed",
    "kk_digest",
    "warnings",
]
