"""Changing keys while the portal runs: in batches, from the start again whenever needed.

Data keys: put the new one first in DATA_KEYS on every node, then re-encrypt; the old one
may go when nothing is left under it.

The digest key, in three steps, each finished on every node before the next:
1. PERSON_DIGEST_KEY_NEXT = the new key; then ``fill_next_digests``.
2. The two values exchanged; then ``finish_digests``.
3. PERSON_DIGEST_KEY_NEXT removed.
Look-ups ask both columns for both keys all the while (selectors.person_with_nik).
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Applicant, Person
from accounts.services import identity, people
from paspor.kernel import audit, cipher

BATCH = 500
# Told after each batch: how many are done, and of how many.
Progress = Callable[[int, int], None]


def _current_data_key() -> str:
    return next(iter(cipher.parse_keys(settings.DATA_KEYS, name="DATA_KEYS")))


def _batches(rows: QuerySet[Applicant], progress: Progress) -> Iterator[list[Applicant]]:
    """Rows by id, each batch locked in a transaction of its own."""
    total, done, last = rows.count(), 0, 0
    while True:
        with transaction.atomic():
            batch = list(
                rows.filter(pk__gt=last)
                .select_for_update(no_key=True, of=("self",))
                .order_by("pk")[:BATCH]
            )
            if not batch:
                return
            yield batch
        last = batch[-1].pk
        done += len(batch)
        progress(done, total)


def reencrypt(progress: Progress) -> int:
    """Seal every NIK and KK number under the first of DATA_KEYS; returns how many rows.

    Also rows from before the digests of a NIK's parts were kept, which get them here.

    Raises CannotDecrypt for a row whose key is not among DATA_KEYS any more; what was
    done before it stays done.
    """
    key = _current_data_key()
    under_other = Q(nik_sealed__isnull=False) & (~Q(nik_key=key) | Q(nik_stem=""))
    under_other |= Q(kk_sealed__isnull=False) & ~Q(kk_key=key)
    changed = 0
    for batch in _batches(Applicant.objects.filter(under_other), progress):
        for row in batch:
            if row.nik_sealed is not None:
                people.seal_nik(row, people.open_nik(row))
            people.seal_kk(row, people.open_kk(row))
            row.save(update_fields=people.SEALED_FIELDS)
        changed += len(batch)
    changed += identity.reseal(key=key)
    audit.record("keys.data_rotated", actor_id=None, subject=f"key:{key}", detail={"rows": changed})
    return changed


def _readable() -> QuerySet[Applicant]:
    return Applicant.objects.filter(nik_sealed__isnull=False).select_related("person")


def fill_next_digests(progress: Progress) -> int:
    """Step 1: give every person whose NIK can be read the digest under the next key."""
    following = settings.PERSON_DIGEST_KEY_NEXT
    if not following:
        raise ValueError("PERSON_DIGEST_KEY_NEXT is not set.")
    filled = 0
    for batch in _batches(_readable().filter(person__digest_next=None), progress):
        for row in batch:
            digest = cipher.person_digest(people.open_nik(row), key=following)
            persons = Person.objects.filter(pk=row.person_id, digest_next=None)
            filled += persons.update(digest_next=digest)
    audit.record("keys.digest_filled", actor_id=None, detail={"rows": filled})
    return filled


def finish_digests(progress: Progress) -> int:
    """Step 2: keep the digest under what is now PERSON_DIGEST_KEY, drop the other.

    A person whose NIK can no longer be read keeps both: either may be the one looked for.
    """
    finished = 0
    for batch in _batches(_readable().exclude(person__digest_next=None), progress):
        for row in batch:
            digest = cipher.person_digest(people.open_nik(row))
            persons = Person.objects.filter(pk=row.person_id)
            # Without this a person not yet filled would lose the digest they are known by.
            known = Q(digest=digest) | Q(digest_next=digest)
            finished += persons.filter(known).update(digest=digest, digest_next=None)
            people.seal_nik(row, people.open_nik(row))
            people.seal_kk(row, people.open_kk(row))
            row.save(update_fields=people.SEALED_FIELDS)
    audit.record("keys.digest_finished", actor_id=None, detail={"rows": finished})
    return finished


def persons_left_behind() -> int:
    """Persons without a digest under the next key: their NIK was erased, so none can be made."""
    return Person.objects.filter(digest_next=None).count()
