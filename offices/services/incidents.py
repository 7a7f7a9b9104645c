"""Saying what is broken: by hand, or by a watch. Every page then says so within seconds.

What the pages show is kept in the cache by whoever changes it and again by a periodic
task, so that no page asks the database for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.models import User
from offices import selectors
from offices.errors import IncidentInvalid, IncidentLive, IncidentOver
from offices.models import Incident, IncidentUpdate, Office
from offices.models.incidents import MOST_TEXT
from offices.rules import Act
from offices.services import authority
from paspor.kernel import audit
from paspor.kernel.database import violated
from paspor.kernel.errors import N_

BANNER_KEY = "incidents:live"
# The periodic task writes it anew long before.
BANNER_SECONDS = 300


@dataclass(frozen=True)
class Texts:
    """The same words in Indonesian and English."""

    id: str
    en: str

    def faults(self, missing: str) -> dict[str, list[str]]:
        """What is wrong with either, by the field's name; ``missing`` says that one is."""
        found = {}
        for name, text in (("text_id", self.id), ("text_en", self.en)):
            if not text.strip():
                found[name] = [missing]
            elif len(text) > MOST_TEXT:
                found[name] = [N_("Paling banyak 500 huruf.")]
        return found


@dataclass(frozen=True)
class IncidentWish:
    """``office`` None: in the whole nation. Without ``started_at`` it begins now."""

    office: Office | None
    part: str
    texts: Texts
    started_at: datetime | None = None
    expected_end: datetime | None = None
    opens_walk_in: bool = False
    excuses_visits: bool = True


@transaction.atomic
def open_incident(*, officer: User, wish: IncidentWish, now: datetime) -> Incident:
    """Raises NotAllowed, IncidentInvalid, and IncidentLive where the part has one already."""
    authority.require(officer=officer, act=Act.INCIDENT, office=wish.office, now=now)
    _check(wish.texts, wish.started_at or now, wish.expected_end, now)
    incident = _create(wish, Incident.Source.HAND, now)
    if incident is None:
        raise IncidentLive
    _record("open_incident", incident, officer)
    return incident


@transaction.atomic
def update(
    *,
    officer: User,
    incident: Incident,
    texts: Texts,
    expected_end: datetime | None,
    now: datetime,
) -> Incident:
    """Add what is known since. Raises NotAllowed, IncidentInvalid, IncidentOver."""
    incident = _locked(incident)
    authority.require(officer=officer, act=Act.INCIDENT, office=incident.office, now=now)
    _check(texts, incident.started_at, expected_end, now)
    IncidentUpdate.objects.create(
        incident=incident, text_id=texts.id.strip(), text_en=texts.en.strip(), by=officer
    )
    incident.expected_end = expected_end
    incident.save(update_fields=["expected_end"])
    _record("update_incident", incident, officer)
    return incident


@transaction.atomic
def close(*, officer: User, incident: Incident, now: datetime) -> Incident:
    incident = _locked(incident)
    authority.require(officer=officer, act=Act.INCIDENT, office=incident.office, now=now)
    _end(incident, now)
    _record("close_incident", incident, officer)
    return incident


@transaction.atomic
def raise_by_watch(*, part: str, office: Office | None, texts: Texts, now: datetime) -> Incident:
    """The live incident of the part and scope: the one that stands, or a new one."""
    standing = _live(part, office).first()
    if standing is not None:
        return standing
    wish = IncidentWish(office=office, part=part, texts=texts)
    incident = _create(wish, Incident.Source.WATCH, now)
    if incident is None:
        return _live(part, office).get()
    _record("open_incident", incident, None)
    return incident


@transaction.atomic
def end_by_watch(*, part: str, office: Office | None, now: datetime) -> bool:
    """End what a watch raised; what an officer opened is the officer's to close."""
    found = _live(part, office).filter(source=Incident.Source.WATCH)
    incident = found.select_for_update(no_key=True, of=("self",)).first()
    if incident is None:
        return False
    _end(incident, now)
    _record("close_incident", incident, None)
    return True


def tell_pages() -> list[dict[str, Any]]:
    """Put the live incidents where every page reads them."""
    live = [public_facts(incident) for incident in selectors.live_incidents()]
    cache.set(BANNER_KEY, live, BANNER_SECONDS)
    return live


def public_facts(incident: Incident) -> dict[str, Any]:
    """What the public reads of it, in both languages; as JSON has it."""
    last = list(incident.updates.all())[-1:]
    return {
        "code": incident.code,
        "part": incident.part,
        "office": incident.office.code if incident.office else "",
        "office_name": incident.office.name if incident.office else "",
        "zone": incident.office.timezone if incident.office else "",
        "text_id": last[0].text_id if last else incident.text_id,
        "text_en": last[0].text_en if last else incident.text_en,
        "started_at": incident.started_at.isoformat(),
        "expected_end": incident.expected_end.isoformat() if incident.expected_end else "",
        "opens_walk_in": incident.opens_walk_in,
    }


def _create(wish: IncidentWish, source: str, now: datetime) -> Incident | None:
    """None where the part has a live one in this scope."""
    try:
        with transaction.atomic():
            return Incident.objects.create(
                office=wish.office,
                part=wish.part,
                source=source,
                text_id=wish.texts.id.strip(),
                text_en=wish.texts.en.strip(),
                started_at=wish.started_at or now,
                expected_end=wish.expected_end,
                opens_walk_in=wish.opens_walk_in,
                excuses_visits=wish.excuses_visits,
            )
    except IntegrityError as problem:
        if not violated(problem, "incident_one_live"):
            raise
        return None


def _live(part: str, office: Office | None) -> Any:
    return Incident.objects.filter(part=part, office=office, ended_at=None)


def _locked(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(no_key=True, of=("self",))
    incident = rows.select_related("office").get(pk=incident.pk)
    if incident.ended_at is not None:
        raise IncidentOver
    return incident


def _end(incident: Incident, now: datetime) -> None:
    incident.ended_at = max(now, incident.started_at)
    incident.save(update_fields=["ended_at"])


def _check(
    texts: Texts, started_at: datetime, expected_end: datetime | None, now: datetime
) -> None:
    faults = texts.faults(N_("Tuliskan apa yang terganggu."))
    if started_at > now:
        faults["started_at"] = [N_("Gangguan tidak diumumkan sebelum terjadi.")]
    if expected_end is not None and expected_end <= max(now, started_at):
        faults["expected_end"] = [N_("Perkiraan pulih harus sesudah sekarang.")]
    if faults:
        raise IncidentInvalid(fields=faults)


def _record(act: str, incident: Incident, officer: User | None) -> None:
    audit.record(
        act,
        actor_id=officer.pk if officer else None,
        subject=f"incident:{incident.code}",
        stream=authority.stream_of(incident.office),
        detail={"part": incident.part, "source": incident.source},
    )
    transaction.on_commit(tell_pages, robust=True)
