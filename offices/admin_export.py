"""Lists of the admin as CSV that a spreadsheet opens without running anything."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from offices.models import Office
from offices.selectors import Reach
from paspor.kernel import audit
from paspor.kernel.models import NATIONAL
from paspor.kernel.spreadsheet import as_csv as as_text
from paspor.kernel.spreadsheet import attached

if TYPE_CHECKING:
    from offices.scoped_admin import OfficeScopedAdmin

MOST_ROWS = 10_000


def as_csv(model_admin: "OfficeScopedAdmin", request: HttpRequest, rows: QuerySet) -> HttpResponse:
    """The rows, at most MOST_ROWS, with all columns of the list. The export is logged."""
    columns = list(model_admin.list_display)
    kept = list(rows[:MOST_ROWS])
    header = [label_for_field(name, model_admin.model, model_admin) for name in columns]
    text = as_text(
        header, ([cell_value(name, row, model_admin) for name in columns] for row in kept)
    )
    name = model_admin.opts.model_name
    reached = offices_of(model_admin.reach(request))
    audit.record(
        "export",
        actor_id=request.user.pk,
        subject=f"list:{model_admin.opts.label_lower}",
        stream=reached[0] if len(reached) == 1 else NATIONAL,
        detail={"rows": len(kept)} | ({"offices": reached} if reached else {}),
    )
    return attached(text, name)


def offices_of(reach: Reach) -> list[str]:
    """The codes of the offices whose rows may stand in the list; none for the whole nation."""
    if reach.is_national:
        return []
    return sorted(Office.objects.filter(pk__in=reach.ids).values_list("code", flat=True))


def cell_value(name: str, row: Model, model_admin: "OfficeScopedAdmin") -> Any:
    """The value of one cell, in words where the field has choices."""
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and getattr(field, "choices", None):
        return getattr(row, f"get_{field.name}_display")()
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else value
