"""One sealed file for the police, made in memory and kept nowhere (docs/cases.md).

A reason, a second officer who agrees to exactly this file's case, accounts and choice of
NIKs, a line in the log before it is made, and another with its digest after.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.services import applicants
from offices import reasons
from offices.approval_rules import Matter
from offices.reasons import Why
from offices.rules import Act, Extent
from offices.services import approvals, authority
from paspor.kernel import audit, ed25519
from paspor.kernel import evidence as sealed
from paspor.kernel.codes import normalized
from paspor.kernel.heads import Day
from paspor.kernel.spreadsheet import as_csv
from paspor.kernel.verify_evidence import EVENTS, HEADS, digest
from queueing.integrity import case_errors as errors
from queueing.integrity import case_words, drawing, evidence_words, score_words
from queueing.integrity.models.cases import Case
from queueing.integrity.selectors import evidence as selectors
from queueing.integrity.selectors.evidence import Scope, Table
from queueing.integrity.services.cases import agreed_by, lock_case

KEYS = "EVIDENCE_KEYS"
SHEETS = ("css/tokens.css", "css/pages/evidence.css")
FETCHED = re.compile(r"@font-face\s*\{[^}]*\}")
LANGUAGE = "id"  # a file for Indonesian authorities, whoever makes it


@dataclass(frozen=True)
class Wish:
    """Why the file is made; ``with_niks`` adds a table of the numbers in clear."""

    why: Why
    with_niks: bool = False


@dataclass(frozen=True)
class Evidence:
    name: str
    content: bytes
    digest: str


def public_keys() -> dict[str, str]:
    return ed25519.public_keys(settings.EVIDENCE_KEYS, name=KEYS)


def make(*, officer: User, code: str, wish: Wish, now: datetime) -> Evidence:
    """Use up the second officer's yes, log it, and make the file.

    Raises NeedsApproval, ReasonNeeded, NotAllowed, NothingToDo. Each NIK read is logged as
    a reading of that person's.
    """
    scope, niks = _begin(officer, code, wish, now=now)
    with translation.override(LANGUAGE):
        files = _files(scope, niks, now=now)
    about = {
        "case": scope.case.code,
        "made_at": selectors.moment_with_offset(now, scope.zone),
        "made_by": officer.code,
        "key": ed25519.signing_key(settings.EVIDENCE_KEYS, name=KEYS),
    }
    content = sealed.pack(
        files, about, sign=lambda text: ed25519.sign(text, settings.EVIDENCE_KEYS, name=KEYS)
    )
    sha256 = digest(content)
    _record("evidence.made", scope.case, officer, detail={"sha256": sha256})
    return Evidence(_name(scope.case), content, sha256)


def _name(case: Case) -> str:
    return f"bukti-{case.code}.zip"


@transaction.atomic
def _begin(officer: User, code: str, wish: Wish, *, now: datetime) -> tuple[Scope, dict[int, str]]:
    case = lock_case(normalized(code))
    authority.require(officer=officer, act=Act.EVIDENCE, office=case.office, now=now)
    reasons.check(Act.EVIDENCE, wish.why)
    scope = selectors.scope_of(case)
    if not scope.members:
        raise errors.NothingToDo
    request = approvals.Request(
        Act.EVIDENCE,
        subject_of(scope, wish),
        case.office,
        Matter(case=case.code),
        words=_request_words(scope, wish),
    )
    extent = Extent(accounts=len(scope.members), places=len(scope.places))
    used = approvals.use_where_needed(request=request, extent=extent, officer=officer, now=now)
    _record(
        "evidence",
        case,
        officer,
        why=wish.why,
        detail={"accounts": len(scope.members), "niks": wish.with_niks} | agreed_by(used),
    )
    return scope, _niks(scope, officer, wish, now=now) if wish.with_niks else {}


def subject_of(scope: Scope, wish: Wish) -> str:
    """What an approval must name: this case, these accounts, with or without NIKs."""
    return _subject(scope.case, scope.accounts, with_niks=wish.with_niks)


def subjects_of(case: Case) -> dict[str, bool]:
    """What this case's file may have been asked for as, with whether NIKs are in it."""
    accounts = list(case.members.values_list("account_id", flat=True))
    return {_subject(case, accounts, with_niks=niks): niks for niks in (False, True)}


def _subject(case: Case, accounts: Iterable[int], *, with_niks: bool) -> str:
    asked = {"accounts": sorted(accounts), "niks": with_niks}
    return approvals.bound(f"evidence:{case.code}", asked)


def _request_words(scope: Scope, wish: Wish) -> str:
    said = f"{case_words.accounts(len(scope.members))}, {case_words.places(len(scope.places))}"
    return f"{said}, {case_words.with_niks()}" if wish.with_niks else said


def _niks(scope: Scope, officer: User, wish: Wish, *, now: datetime) -> dict[int, str]:
    """In clear, each reading logged under its person; who has been erased is left out."""
    return {
        pk: applicants.read_nik(
            applicant=person,
            reader=officer,
            reason=wish.why.note,
            now=now,
            stream=authority.stream_of(scope.case.office),
            case=scope.case.code,
        )
        for pk, person in sorted(scope.applicants.items())
        if person.nik_sealed is not None
    }


def _files(scope: Scope, niks: Mapping[int, str], *, now: datetime) -> dict[str, bytes]:
    tables = selectors.tables_of(scope)
    if niks:
        people = scope.applicants
        rows = tuple((people[pk].code, nik) for pk, nik in niks.items())
        tables.append(Table("nik.csv", "NIK", ("pemohon", "NIK"), rows))
    entries = selectors.entries_of(scope)
    days = selectors.heads_over(entries)
    # Whoever proves with it reads it by programs: a comma, as RFC 4180 has it.
    files = {
        table.name: as_csv(table.header, table.rows, separator=",").encode() for table in tables
    }
    for chain in selectors.chains_of(entries, days):
        text = "".join(sealed.chain_text(chain.prev, chain.links))
        files[f"chain/{chain.stream}.tsv"] = text.encode()
    lines = (
        json.dumps({"stream": stream, "seq": seq, "text": text}, ensure_ascii=False)
        for stream, seq, text in selectors.texts_of(entries)
    )
    files[EVENTS] = "".join(f"{line}\n" for line in lines).encode()
    files[HEADS] = json.dumps({"results": [_day(day) for day in days]}).encode()
    files["report.html"] = _report(scope, tables, days, now=now).encode()
    return files


def _day(day: Day) -> dict[str, object]:
    """One day's heads as /api/v1/ledger/heads answers them."""
    return {
        "day": day.day.isoformat(),
        "digest": day.digest,
        "heads": [
            {"stream": head.stream, "seq": head.seq, "digest": head.digest} for head in day.heads
        ],
    }


def _report(scope: Scope, tables: list[Table], days: list[Day], *, now: datetime) -> str:
    shown = {
        "case": scope.case,
        "reason": case_words.reason(scope.case.reason),
        "made_at": case_words.moment(now, scope.case.office),
        "style": _style(),
        "summary": evidence_words.summary(scope),
        "tables": [evidence_words.readable(one) for one in tables if one.name != "nik.csv"],
        "web": _web(scope),
        "day": days[0] if days else None,
        "name": _name(scope.case),
        "key": ed25519.signing_key(settings.EVIDENCE_KEYS, name=KEYS),
        # Where the public halves stand; services know no door.
        "published": f"{settings.SITE_URL}/angka/",
    }
    return render_to_string("queueing_integrity/evidence.html", shown)


def _style() -> SafeString:
    """Our own sheets, inside the report: it is opened from disk, where none can be fetched."""
    folder = settings.BASE_DIR / "static"
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in SHEETS)
    return mark_safe(f"<style>\n{FETCHED.sub('', text)}</style>")  # noqa: S308  # our own text


def _web(scope: Scope) -> drawing.Web | None:
    """The picture that the page of a cluster shows, of the accounts of this file."""
    codes = {one.account_id: one.account.code for one in scope.members}
    links = [
        drawing.Link(score_words.hub(kind), label, members)
        for kind, label, members in selectors.links_of(scope)
    ]
    return drawing.web(links, codes) if links else None


def _record(
    act: str,
    case: Case,
    officer: User,
    *,
    why: Why = reasons.NO_REASON,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        act,
        actor_id=officer.pk,
        subject=f"case:{case.code}",
        stream=authority.stream_of(case.office),
        reason=why.reason,
        note=why.note,
        detail=detail,
    )
