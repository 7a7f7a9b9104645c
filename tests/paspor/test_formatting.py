"""Numbers, days, clocks and stretches of time, as people read them in both languages."""

import ast
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from paspor.kernel import formatting

EVE = date(2026, 12, 24)
AT = datetime(2026, 12, 24, 9, 5, tzinfo=ZoneInfo("Asia/Makassar"))
FOR_PROGRAMS = {  # a spreadsheet's cells, files of evidence
    "offices/admin_export.py",
    "queueing/integrity/pages/overview_file.py",
    "queueing/integrity/selectors/evidence.py",
}
ROOT = Path(__file__).resolve().parents[2]
OF_DJANGO = ("django.utils.formats", "django.utils.timesince", "django.contrib.humanize")


@pytest.mark.parametrize(
    ("write", "value", "indonesian", "english"),
    [
        (formatting.number, 1234, "1.234", "1,234"),
        (formatting.percent, 0.805, "80 %", "80 %"),
        (formatting.rupiah, 650_000, "Rp 650.000", "Rp 650.000"),
        (formatting.day, EVE, "Kamis, 24 Desember 2026", "Thursday, 24 December 2026"),
        (formatting.day_short, EVE, "Kam, 24 Des", "Thu, 24 Dec"),
        (formatting.day_medium, EVE, "Kam, 24 Des 2026", "Thu, 24 Dec 2026"),
        (formatting.day_in_year, EVE, "Kamis, 24 Desember", "Thursday, 24 December"),
        (formatting.date_long, EVE, "24 Desember 2026", "24 December 2026"),
        (formatting.date_medium, EVE, "24 Des 2026", "24 Dec 2026"),
        (formatting.date_short, EVE, "24 Des", "24 Dec"),
        (formatting.date_in_year, EVE, "24 Desember", "24 December"),
        (formatting.weekday_short, EVE, "Kam", "Thu"),
        (formatting.month, EVE, "Desember 2026", "December 2026"),
        (formatting.clock, AT, "09.05", "09:05"),
        (formatting.clock, AT.time(), "09.05", "09:05"),
        (
            formatting.moment,
            AT,
            "Kamis, 24 Desember 2026, pukul 09.05 WITA",
            "Thursday, 24 December 2026, 09:05 WITA",
        ),
        (formatting.timestamp, AT, "24 Desember 2026, 09.05 WITA", "24 December 2026, 09:05 WITA"),
        (formatting.timestamp_short, AT, "24 Des, 09.05 WITA", "24 Dec, 09:05 WITA"),
        (
            formatting.timestamp_with_weekday,
            AT,
            "Kamis, 24 Desember 2026, 09.05 WITA",
            "Thursday, 24 December 2026, 09:05 WITA",
        ),
        (formatting.minutes, 1, "1 menit", "1 minute"),
        (formatting.minutes, 1234, "1.234 menit", "1,234 minutes"),
        (formatting.hours_and_minutes, 45, "45 menit", "45 minutes"),
        (formatting.hours_and_minutes, 120, "2 jam", "2 hours"),
        (formatting.hours_and_minutes, 80, "1 jam 20 menit", "1 hour 20 minutes"),
        (formatting.duration, -0.6, "0 detik", "0 seconds"),
        (formatting.duration, 44.6, "45 detik", "45 seconds"),
        (formatting.duration, 3 * 3600 + 59, "3 jam", "3 hours"),
        (formatting.duration_finer, 119 * 60, "119 menit", "119 minutes"),
        (formatting.duration_finer, 47 * 3600, "47 jam", "47 hours"),
        (formatting.duration_finer, 49 * 3600, "2 hari", "2 days"),
        (formatting.duration_finer, -5, "0 menit", "0 minutes"),
    ],
)
def test_as_people_read_it(write, value, indonesian, english):
    for language, expected in (("id", indonesian), ("en", english)):
        with translation.override(language):
            assert write(value).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 detik lagi"),
        (89, "89 detik lagi"),
        (90, "2 menit lagi"),
        (7200, "120 menit lagi"),
        (7201, "3 jam lagi"),
        (927 * 60, "16 jam lagi"),
    ],
)
def test_a_wait_is_never_told_too_short(seconds, words):
    assert formatting.wait(seconds) == words


@pytest.mark.parametrize(
    ("minutes", "in_one", "in_two"),
    [(0, "baru saja", "0 menit"), (12, "12 menit", "12 menit"), (185, "3 jam", "3 jam, 5 menit")],
)
def test_how_long_ago_it_was(minutes, in_one, in_two):
    since = AT - timedelta(minutes=minutes)
    assert formatting.elapsed(since, AT).replace("\u00a0", " ") == in_one
    assert formatting.elapsed_in_two_units(since, AT).replace("\u00a0", " ") == in_two


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the portal by its path, but the one that formats."""
    for package in ("accounts", "offices", "queueing", "paspor"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name != "paspor/kernel/formatting.py" and "migrations" not in path.parts:
                yield name, ast.parse(path.read_text())


def test_nothing_is_formatted_elsewhere():
    wrong = [
        f"{name}: {node.module}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OF_DJANGO)
    ]
    assert wrong == []


def test_no_clock_is_written_by_hand():
    by_hand = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "strftime"
    }
    assert by_hand == FOR_PROGRAMS
