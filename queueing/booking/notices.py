"""Mails about bookings, written into the outbox in the transaction that causes them.

One purpose each; the first line holds the code or the date. A booking without an account
was made at a counter: its people have a paper ticket, and nobody is written to.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Message, User
from accounts.notices import Letter
from accounts.services import messages
from offices.models import Office
from paspor.kernel.codes import grouped
from paspor.kernel.prepared.writing import Addition
from queueing.booking import drafts, laying_out, policies, reminder_links, rules, selectors
from queueing.booking.beside import beside_of, fate
from queueing.booking.facts import VisitFacts
from queueing.booking.models import Place
from queueing.booking.reads import BookingRead
from queueing.quota import selectors as quota
from queueing.quota.models import Slot


def booking_letters(
    account: User | None,
    visit: VisitFacts,
    *,
    other: VisitFacts | None = None,
    now: datetime,
) -> list[Addition]:
    """The letter is stored as facts and laid out by whoever sends or shows it: while it is
    written others wait for their seats. None without an account.

    ``other``: the family's other hour.
    """
    more = _beside(other)
    return _as_facts(account, visit, lambda: drafts.booked(visit, other), more, now=now)


def moved(booking: BookingRead, *, old: VisitFacts, now: datetime) -> None:
    """``booking`` is the new one; ``old`` says who is left in the other."""
    _withdraw_reminder(old, now=now)
    visit, other = selectors.visit_facts(booking), _other(booking)
    more = {"old": old.as_json()} | _beside(other)
    for letter in _as_facts(
        booking.booking.account, visit, lambda: drafts.moved(visit, old, other), more, now=now
    ):
        letter.write()


def cancelled(booking: BookingRead, places: Sequence[Place], *, now: datetime) -> None:
    """``booking`` is as it is without these places of it."""
    gone = [place.applicant.name for place in places]
    visit = selectors.visit_facts(booking)
    _withdraw_reminder(visit, now=now)
    for letter in _as_facts(
        booking.booking.account,
        visit,
        lambda: drafts.cancelled(visit, gone),
        {"gone": gone},
        once=f"cancelled:{min(place.pk for place in places)}",
        now=now,
    ):
        letter.write()


def _beside(other: VisitFacts | None) -> dict[str, Any]:
    return {} if other is None else {"other": other.as_json()}


def _as_facts(
    account: User | None,
    visit: VisitFacts,
    compose: Callable[[], drafts.Draft],
    more: dict[str, Any],
    *,
    once: str = "",
    now: datetime,
) -> list[Addition]:
    """``more`` is what the letter says beside the visit. In its owner's language."""
    if account is None:
        return []
    with translation.override(account.language):
        draft = compose()
    message = messages.composed(
        user=account,
        to=account.email,
        kind=draft.kind,
        about=f"booking:{visit.code}",
        language=account.language,
        subject=draft.subject,
        facts=visit.as_json() | more,
        dedup_key=_key(visit.code, once or draft.once),
        not_after=draft.not_after,
        now=now,
    )
    return [messages.posting(message, now=now)]


def closed_with_alternative(
    booking: BookingRead, *, old: VisitFacts, closed: Slot, now: datetime
) -> None:
    """``booking`` is the alternative, already booked; ``closed`` the hour of the old one."""
    _withdraw_reminder(old, now=now)
    is_part, why, other = quota.serves_beside(closed), closed.closed_why, beside_of(booking)
    _write(
        booking,
        lambda visit: drafts.alternative(visit, old, why, _fate(other, booking), is_part=is_part),
        now=now,
    )


def closed_while_held(booking: BookingRead, *, why: str, now: datetime) -> None:
    """To who was still looking a held visit over."""
    is_part = quota.serves_beside(booking.slot)
    other = beside_of(booking)
    _write(
        booking,
        lambda visit: drafts.held_closed(visit, why, _fate(other, booking), is_part=is_part),
        now=now,
    )


def closed_with_first_right(
    booking: BookingRead, *, why: str, until: datetime, now: datetime
) -> None:
    _withdraw_reminder(selectors.visit_facts(booking), now=now)
    is_part = quota.serves_beside(booking.slot)
    other = beside_of(booking)
    _write(
        booking,
        lambda visit: drafts.first_right(visit, why, until, _fate(other, booking), is_part=is_part),
        now=now,
    )


def relocated(booking: BookingRead, *, relocation: int, old_place: str, now: datetime) -> None:
    """Its day is held elsewhere than its people were told; ``old_place`` "" is the office."""
    _write(booking, lambda visit: drafts.relocated(visit, relocation, old_place), now=now)


def corrected(
    booking: BookingRead, place: Place, detail: Mapping[str, Any], *, now: datetime
) -> None:
    """What ``place`` is for says another thing than its people did; ``detail`` as in the log."""
    _write(booking, lambda visit: drafts.corrected(visit, place, detail, now), now=now)


def absent(booking: BookingRead, places: Sequence[Place], *, now: datetime) -> None:
    """``places`` of it are recorded as a no-show; who has no account is written to by nobody."""
    _write(booking, lambda visit: drafts.absent(visit, places, now), now=now)


def absence_undone(booking: BookingRead, places: Sequence[Place], *, now: datetime) -> None:
    """The record that ``absent`` told of is taken back."""
    _write(booking, lambda visit: drafts.absence_undone(visit, places, now), now=now)


def first_right_served(booking: BookingRead, *, now: datetime) -> None:
    other = beside_of(booking)
    _write(booking, lambda visit: drafts.served_first(visit, _fate(other, booking)), now=now)


def hold_code(account: User, code: str, *, once: str, until: datetime, now: datetime) -> None:
    """``once`` tells this code from another without saying it."""
    with translation.override(account.language):
        letter = Letter(
            subject=_("Kode untuk menahan tempat"),
            code=grouped(code),
            lead=_("Ketik kode ini di halaman pemesanan Paspor yang masih terbuka."),
            paragraphs=(
                _("Petugas tidak pernah menanyakan kode ini. Jangan berikan kepada siapa pun."),
                _("Jika bukan Anda yang meminta, abaikan pesan ini. Tidak ada yang berubah."),
            ),
        )
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind="hold_code",
        language=account.language,
        dedup_key=f"hold_code:{once}",
        not_after=until,
        urgent=True,
        now=now,
    )


def reminder(booking: BookingRead, *, now: datetime) -> None:
    path = reverse("queueing:answer", args=[reminder_links.token_of(booking.booking.pk)])
    _write(booking, lambda visit: drafts.reminder(visit, path, _other(booking)), now=now)


def _other(booking: BookingRead) -> VisitFacts | None:
    """The family's other hour, while somebody comes to it."""
    other = beside_of(booking)
    visit = None if other is None else selectors.visit_facts(other)
    return visit if visit is not None and visit.coming else None


def _fate(other: BookingRead | None, booking: BookingRead) -> str:
    return "" if other is None else fate(other, booking)


def _withdraw_reminder(visit: VisitFacts, *, now: datetime) -> None:
    """One that still waits for a mail server must not call anybody to a visit that is off."""
    if not visit.coming:
        messages.withdraw(dedup_key=_key(visit.code, drafts.REMINDER), now=now)


def reminded() -> Exists:
    """Whether the booking of a query has had its reminder written."""
    before, after = _key("|", drafts.REMINDER).split("|")
    return Exists(
        Message.objects.filter(dedup_key=Concat(Value(before), OuterRef("code"), Value(after)))
    )


def _key(code: str, once: str) -> str:
    return f"booking:{code}:{once}"


def _write(
    booking: BookingRead, compose: Callable[[VisitFacts], drafts.Draft], *, now: datetime
) -> None:
    """In its owner's language."""
    account = booking.booking.account
    if account is None:
        return
    visit = selectors.visit_facts(booking)
    with translation.override(account.language):
        draft = compose(visit)
        letter, calendar = laying_out.laid_out(visit, draft)
    messages.enqueue_letter(
        letter,
        user=account,
        to=account.email,
        kind=draft.kind,
        about=f"booking:{booking.code}",
        language=account.language,
        attachments=calendar,
        dedup_key=_key(booking.code, draft.once),
        not_before=_goes_at(draft, booking.slot.office, now),
        not_after=draft.not_after,
        now=now,
    )


def _goes_at(draft: drafts.Draft, office: Office, now: datetime) -> datetime:
    if draft.news_of is None or rules.is_pressing(day=draft.news_of, today=office.today(now)):
        return now
    return rules.awake(
        now,
        office.zone,
        quiet_from=policies.QUIET_FROM_HOUR.at(now=now),
        quiet_to=policies.QUIET_TO_HOUR.at(now=now),
    )
