"""Where, when and by whom people are served, and what is broken there."""

from offices.models.announcements import Announcement
from offices.models.calendar_changes import CalendarChange
from offices.models.incidents import Incident, IncidentUpdate
from offices.models.keys import OfficeKey
from offices.models.places import (
    Approval,
    DayShape,
    Holiday,
    Office,
    OfficerPost,
    OpeningHours,
    PassportType,
    SpecialDay,
    default_passport_types,
)
from offices.models.probes import ProbeDay
from offices.models.relocations import Relocation
from offices.models.reports import Report, ReportScreenshot, ReportStep

__all__ = [
    "Announcement",
    "Approval",
    "CalendarChange",
    "DayShape",
    "Holiday",
    "Incident",
    "IncidentUpdate",
    "Office",
    "OfficeKey",
    "OfficerPost",
    "OpeningHours",
    "PassportType",
    "ProbeDay",
    "Relocation",
    "Report",
    "ReportScreenshot",
    "ReportStep",
    "SpecialDay",
    "default_passport_types",
]
