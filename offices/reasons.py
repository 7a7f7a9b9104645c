"""Why an officer acts outside the queue: a code of a list, and words of their own.

The codes stay in the log for good, so none is ever given another meaning or taken away
from ``REASONS`` while events bear it. The words are a Note, which can be erased. Where the
public reads a sentence (a closed day), that sentence is the note. Pure, as rules are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from offices.errors import ReasonNeeded
from offices.rules import Act


@dataclass(frozen=True)
class Why:
    """A reason code, kept for good, and somebody's words, which can be erased."""

    reason: str = ""
    note: str = ""


NO_REASON = Why()
OTHER = "other"
# The acts that go past the queue. In-time arrival, service and absence ask for nothing;
# CHECK_IN stands here for people who come after their hour.
REASONS: Mapping[Act, tuple[str, ...]] = {
    Act.CHECK_IN: ("traffic", "weather", "queue_outside", "office_delay", "offline", OTHER),
    Act.BOOK_FOR: (
        *("walk_in", "wrong_day", "no_device", "app_trouble", "urgent", "office_fault"),
        OTHER,
    ),
    Act.CORRECT: ("chosen_wrong", "documents_say", "own_wish", OTHER),
    Act.CANCEL_FOR: ("own_wish", "moves_elsewhere", "correction", OTHER),
    Act.VERIFY_ACCOUNT: ("mail_lost", "no_mailbox", "registry_away", "registry_wrong", OTHER),
    Act.SEE_IDENTITY: (
        *("nik_not_found", "nik_claimed", "nik_not_theirs", "registry_away", "registry_wrong"),
        OTHER,
    ),
    Act.HOURS: ("staffing", "equipment", "demand", "season", "instruction", "correction", OTHER),
    Act.SPECIAL_DAY: (
        *("disaster", "utilities", "equipment", "staffing", "demand", "event", "instruction"),
        *("correction", OTHER),
    ),
    Act.HOLIDAY: ("joint_decree", "regional", "instruction", "correction", OTHER),
    Act.OPEN_RELEASE: ("demand", "event", "instruction", "correction", OTHER),
    Act.CHANGE_CAPACITY: (
        *("staffing", "equipment", "demand", "event", "instruction", "correction", OTHER),
    ),
    Act.ORDER: ("demand", "instruction", OTHER),
    Act.CLOSE_DAY: (
        *("disaster", "utilities", "system_fault", "security", "staffing", "instruction"),
        *("correction", OTHER),
    ),
    Act.REFERRAL: ("placement_agency", "independent_worker", "re_entry", "instruction", OTHER),
    Act.VOID: ("identity_false", "identity_claimed", "hoarding", "resale", "instruction", OTHER),
    Act.LIMIT: ("identity_false", "hoarding", "resale", "instruction", OTHER),
    Act.SUSPEND: ("identity_false", "identity_claimed", "hoarding", "resale", "instruction", OTHER),
    Act.LIFT: ("unfounded", "settled", "instruction", "correction", OTHER),
    Act.CASE: (
        "pattern",
        "citizen_report",
        "officer_report",
        "police_request",
        "instruction",
        OTHER,
    ),
    Act.EVIDENCE: ("police_request", "court_request", "instruction", OTHER),
}


# What happens forty times a day: words of everybody's own would only repeat the reason.
WORDLESS: Mapping[Act, tuple[str, ...]] = {
    Act.CHECK_IN: ("traffic", "weather", "queue_outside", "office_delay"),
    Act.BOOK_FOR: ("walk_in", "wrong_day", "no_device"),
    Act.CORRECT: ("chosen_wrong", "documents_say", "own_wish"),
}


def check(act: Act, why: Why) -> None:
    """Refuse an act without a reason of its list, or without words where the reason takes
    some; names both fields."""
    faults: dict[str, list[str]] = {}
    if why.reason not in REASONS[act]:
        faults["reason"] = [ReasonNeeded.message]
    if not why.note.strip() and why.reason not in WORDLESS.get(act, ()):
        faults["note"] = [ReasonNeeded.words_missing]
    if faults:
        raise ReasonNeeded(fields=faults)
