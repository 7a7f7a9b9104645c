"""Headquarters knows before the public does: a look at the mail each minute.

What is watched: whether verification codes come back within ten minutes, whether servers
take the letters, and how long the oldest has waited. A fall raises one incident of the
nation, and what went by the relay of the fall goes by the next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q

from accounts import selectors as accounts
from accounts.services import relays, text_codes
from offices import mail_rules
from offices.mail_rules import Finding, Sent, Trouble, Usual
from offices.models.incidents import Incident, Part
from offices.policies import MAIL_LATE_MINUTES, MAIL_USUAL_PERCENT
from offices.services import incidents
from offices.services.incidents import Texts

USUAL_OF = timedelta(days=14)
# The present is no part of what it is held against.
LATELY = timedelta(hours=3)
USUAL_KEY = "mail-watch:usual"
USUAL_SECONDS = 3600
CODES_SINCE = timedelta(hours=2)
LETTERS_SINCE = timedelta(minutes=30)
# A letter that is younger may just be on its way.
ON_ITS_WAY = timedelta(minutes=3)
MOST = 2000
TAKEN_USUALLY = 0.95


@dataclass(frozen=True)
class Seen:
    """What a look found: codes and letters the newest first, with their usual levels."""

    codes: list[Sent]
    letters: list[Sent]
    usual_codes: Usual
    usual_letters: Usual
    oldest: datetime | None


def see(now: datetime) -> Seen:
    letters = accounts.sent_mail(
        since=now - LETTERS_SINCE, before=now - ON_ITS_WAY, codes_only=False, most=MOST
    )
    usual_codes, usual_letters = _usual(now)
    return Seen(
        codes=_codes(now, since=now - CODES_SINCE),
        letters=[Sent(one.domain, one.relay, one.is_taken) for one in letters],
        usual_codes=usual_codes,
        usual_letters=usual_letters,
        oldest=accounts.oldest_unsent(now),
    )


def _codes(now: datetime, *, since: datetime) -> list[Sent]:
    """One for each person, however often they asked again. Unknown mailboxes tell nothing."""
    before = now - mail_rules.IN_TIME
    mails = accounts.sent_mail(since=since, before=before, codes_only=True, most=MOST)
    seen: set[int | None] = set()
    codes = []
    for mail in mails:
        if mail.user_id in seen or mail.is_unknown:
            continue
        seen.add(mail.user_id)
        back = mail.answered_at
        in_time = back is not None and back - mail.due_at <= mail_rules.IN_TIME
        codes.append(Sent(mail.domain, mail.relay, in_time))
    return codes


def _usual(now: datetime) -> tuple[Usual, Usual]:
    """Of codes that come back, and of letters that are taken; counted anew each hour."""
    counts = cache.get(USUAL_KEY)
    if counts is None:
        since, before = now - USUAL_OF, now - LATELY
        counts = accounts.code_counts(
            since=since,
            before=before,
            within=mail_rules.IN_TIME,
            leaving_out=_troubled(since, now),
        )
        cache.set(USUAL_KEY, counts, USUAL_SECONDS)
    percent = MAIL_USUAL_PERCENT.at(now=now)
    return (
        Usual.of({one.domain: (one.answered, one.people) for one in counts}, percent / 100),
        Usual.of({one.domain: (one.taken, one.people) for one in counts}, TAKEN_USUALLY),
    )


def _troubled(since: datetime, now: datetime) -> list[tuple[datetime, datetime]]:
    """The times of trouble with mail, which are not what is usual."""
    over = Incident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), part=Part.MAIL)
    return [(one.started_at, one.ended_at or now) for one in over]


def look(now: datetime) -> list[Finding]:
    """Raise, keep or end the incident by what is seen now; what was found."""
    seen = see(now)
    found = found_in(seen, now)
    if found:
        _raise(found, now)
    else:
        _end_if_well(seen.usual_codes, now)
    return found


def found_in(seen: Seen, now: datetime) -> list[Finding]:
    healths = relays.healths()

    def is_set_back(relay: str, domain: str) -> bool:
        return relays.is_set_back(name=relay, domain=domain, healths=healths, now=now)

    allowed = timedelta(minutes=MAIL_LATE_MINUTES.at(now=now))
    codes = mail_rules.unmoved(seen.codes, is_set_back)
    return [
        *mail_rules.find(seen.letters, Trouble.UNTAKEN, seen.usual_letters),
        *mail_rules.find(codes, Trouble.UNANSWERED, seen.usual_codes),
        *mail_rules.late(seen.oldest, allowed, now),
    ]


def _raise(found: list[Finding], now: datetime) -> None:
    for finding in found:
        if finding.relay:
            relays.put_last(
                name=finding.relay, domain=finding.domain, reason=finding.trouble.value, now=now
            )
    incidents.raise_by_watch(part=Part.MAIL, office=None, texts=_texts(found[0]), now=now)


def _end_if_well(usual: Usual, now: datetime) -> None:
    live = Incident.objects.filter(
        part=Part.MAIL, office=None, ended_at=None, source=Incident.Source.WATCH
    ).first()
    if live is None:
        return
    codes = _codes(now, since=max(now - CODES_SINCE, live.started_at))
    if mail_rules.is_well_again(codes, usual, now - live.started_at):
        incidents.end_by_watch(part=Part.MAIL, office=None, now=now)


def _texts(finding: Finding) -> Texts:
    """What the public reads. What it can do meanwhile stands first in its mind."""
    to_id, to_en = ("", "")
    way_id, way_en = _other_way()
    if finding.domain:
        to_id, to_en = f" ke alamat @{finding.domain}", f" to addresses @{finding.domain}"
    if finding.trouble == Trouble.UNANSWERED:
        return Texts(
            f"E-mail kami{to_id} banyak yang tidak sampai. Kami mengirim lewat jalan lain. "
            f"Minta kode baru, atau verifikasi akun {way_id}.",
            f"Many of our e-mails{to_en} do not arrive. We are sending by another way. "
            f"Ask for a new code, or have the account verified {way_en}.",
        )
    return Texts(
        f"E-mail kami{to_id} terlambat. Pesan Anda tersimpan dan dikirim segera setelah "
        f"pulih. Akun dapat juga diverifikasi {way_id}.",
        f"Our e-mails{to_en} are late. Your message is kept and goes as soon as it can. "
        f"An account can also be verified {way_en}.",
    )


def _other_way() -> tuple[str, str]:
    if text_codes.are_sent():
        return (
            "dengan kode ke nomor telepon, atau di loket kantor mana pun dengan KTP",
            "by a code to a phone number, or at any office with your KTP",
        )
    return "di loket kantor mana pun dengan KTP", "at any office with your KTP"
