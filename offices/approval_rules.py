"""What a request for a second officer's yes is about, as facts. No Django, no clock."""

from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any, Self


@dataclass(frozen=True)
class Matter:
    """The facts that a page needs to show a request and to lead to what it is about.

    Codes and figures, never names or what somebody typed. A fact that the act does not have
    is empty, and is not written down.
    """

    day: date | None = None
    # Of a closing: from this hour on; None closes the whole day.
    since: time | None = None
    weekday: int | None = None
    slot: str = ""
    channel: str = ""
    seats: int | None = None
    figure: str = ""
    value: str = ""
    # The officer whose post or second factor it is about.
    officer: str = ""
    booking: str = ""
    case: str = ""
    bulk_act: str = ""
    # Typed at the counter for people who stand there: the form keeps it until it is agreed to.
    is_walk_in: bool = False

    def to_json(self) -> dict[str, Any]:
        """What of it is not empty, as values that JSON has."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date | time) else value
            for name, value in values.items()
            if not (value is None or value is False or value == "")
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Raises TypeError for a fact that there is not, ValueError for a day that is none."""
        values = dict(kept)
        for name, kind in (("day", date), ("since", time)):
            if name in values:
                values[name] = kind.fromisoformat(values[name])
        return cls(**values)
