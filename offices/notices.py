"""The mails that offices writes: what becomes of a report, and that one is late."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import Letter, page
from accounts.services import messages
from offices import words
from offices.models import Office, Report, ReportStep
from paspor.kernel.codes import grouped


def filed(report: Report, secret: str, *, now: datetime) -> None:
    with translation.override(report.language):
        letter = Letter(
            subject=_("Laporan %(number)s sudah diterima") % {"number": grouped(report.code)},
            lead=_("Terima kasih. Simpan nomor dan kode rahasia ini untuk mengikuti laporan Anda."),
            facts=(
                (_("Nomor laporan"), grouped(report.code)),
                (_("Kode rahasia"), grouped(secret)),
            ),
            link=page("offices:report-follow"),
            link_label=_("Ikuti laporan"),
        )
        _write(report, letter, "filed", now)


def stepped(report: Report, step: ReportStep, *, now: datetime) -> None:
    with translation.override(report.language):
        letter = Letter(
            subject=_("Laporan %(number)s: %(state)s")
            % {"number": grouped(report.code), "state": Report.State(step.state).label},
            lead=_("Status laporan Anda sekarang: %(state)s.")
            % {"state": Report.State(step.state).label},
            # The reporter's own words are not sent: the address may be somebody else's.
            paragraphs=(step.note,) if step.note and not step.from_reporter else (),
            link=page("offices:report-follow"),
            link_label=_("Ikuti laporan"),
        )
        _write(report, letter, f"step-{step.pk}", now)


def late(report: Report, officer: User, *, now: datetime) -> None:
    with translation.override(officer.language):
        letter = Letter(
            subject=_("Laporan %(number)s terlambat") % {"number": grouped(report.code)},
            lead=_("Laporan kendala ini menunggu terlalu lama: %(state)s.")
            % {"state": Report.State(report.state).label},
            link=page("admin:offices_report_changelist"),
            link_label=_("Buka daftar laporan"),
        )
        _send(officer.email, officer, letter, report, f"late-{report.state}-{officer.pk}", now)


def verified_at_counter(user: User, office: Office, *, now: datetime) -> None:
    with translation.override(user.language):
        letter = Letter(
            subject=_("Alamat e-mail Anda diverifikasi di loket"),
            lead=_("%(office)s memverifikasi alamat e-mail akun ini setelah melihat KTP.")
            % {"office": office.name},
            facts=((_("Waktu"), words.moment(now, office.zone)),),
            paragraphs=(
                _("Masuklah dengan kata sandi yang Anda tulis ketika mendaftar."),
                _(
                    "Jika bukan Anda, ganti kata sandinya dengan kode ke alamat ini: akunnya "
                    "menjadi milik Anda. Laporkan pula di halaman laporan kendala."
                ),
            ),
            link=page("account_login"),
            link_label=_("Masuk ke Paspor"),
        )
    _tell(user, letter, "verified_at_counter", now)


def second_factor_taken_off(user: User, *, now: datetime) -> None:
    with translation.override(user.language):
        letter = Letter(
            subject=_("Langkah kedua akun Anda dilepas"),
            lead=_("Dua petugas melepas langkah kedua akun Anda, dan semua perangkat dikeluarkan."),
            facts=((_("Waktu"), words.moment(now)),),
            paragraphs=(
                _("Masuklah dengan kata sandi, lalu pasang langkah kedua yang baru."),
                _(
                    "Jika bukan Anda yang memintanya, segera ganti kata sandi, dan beri tahu "
                    "kepala kantor Anda atau SISTIK."
                ),
            ),
            link=page("account_login"),
            link_label=_("Masuk ke Paspor"),
        )
    _tell(user, letter, "second_factor_taken_off", now, is_urgent=True)


def _tell(user: User, letter: Letter, kind: str, now: datetime, *, is_urgent: bool = False) -> None:
    """What concerns an account itself, and no report."""
    messages.enqueue_letter(
        letter,
        user=user,
        to=user.email,
        kind=kind,
        language=user.language,
        dedup_key=f"{kind}:{user.code}:{now:%Y%m%d%H%M%S}",
        urgent=is_urgent,
        now=now,
    )


def _write(report: Report, letter: Letter, what: str, now: datetime) -> None:
    """Whoever gave no address follows by the number."""
    if report.email:
        _send(report.email, report.account, letter, report, what, now)


def _send(
    to: str, user: User | None, letter: Letter, report: Report, what: str, now: datetime
) -> None:
    language = user.language if user else report.language
    messages.enqueue_letter(
        letter,
        user=user,
        to=to,
        kind="report",
        language=language,
        about=f"report:{report.code}",
        dedup_key=f"report:{report.code}:{what}:{report.state_since:%Y%m%d%H%M%S}",
        now=now,
    )
