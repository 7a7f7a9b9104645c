"""What the subjects of requests said until now, as facts: no code reads a subject any more.

The shapes are those that services joined: "office:day:hours:digest" of a closing,
"slot:channel:seats", "office:day" of a holiday, "key=value@scope:digest", "officer:…" of posts
and second factors, "act:booking" at the counter, "office:…" of a walk-in, "evidence:case:…",
"act:case:prepared act:digest", "office:weekday:…" and "office:day:…" of the calendar.
"""

from datetime import date, time

from django.db import migrations

OFFICERS = {"grant_counter", "grant_planner", "grant_head", "grant_sistik", "reset_second"}
BULK_ACTS = {"limit", "suspend", "void", "lift"}
PARTS_OF_BULK_ACT = 4


def matter(act, subject, office_code):
    """What is known of a request that was made before; nothing where it has another shape."""
    parts = subject.split(":")
    try:
        return found(act, subject, parts, office_code)
    except (ValueError, IndexError):
        return {}


def found(act, subject, parts, office_code):
    if act in OFFICERS:
        return {"officer": parts[0]}
    if act == "policy":
        key, _, rest = subject.rpartition(":")[0].partition("=")
        return {"figure": key, "value": rest.rpartition("@")[0]}
    if act == "change_capacity":
        return {"slot": parts[0], "channel": parts[1], "seats": int(parts[2])}
    if act == "hours":
        return {"weekday": int(parts[1])}
    if act in {"holiday", "special_day"}:
        return {"day": date.fromisoformat(parts[1]).isoformat()}
    if act == "close_day":
        known = {"day": date.fromisoformat(parts[1]).isoformat()}
        if len(parts) > 2 and parts[2] != "all":
            known["since"] = time.fromisoformat(parts[2]).isoformat()
        return known
    if act == "evidence":
        return {"case": parts[1]}
    if act in BULK_ACTS and len(parts) == PARTS_OF_BULK_ACT:
        return {"case": parts[1], "bulk_act": parts[2]}
    if parts[0] == act:
        return {"booking": parts[1]}
    if act in {"book_for", "priority_unproven"} and parts[0] == office_code:
        return {"is_walk_in": True}
    return {}


def fill(apps, schema_editor):
    approvals = apps.get_model("offices", "Approval")
    rows = approvals.objects.using(schema_editor.connection.alias)
    for row in rows.select_related("office").iterator():
        row.about = matter(row.act, row.subject, row.office and row.office.code)
        row.save(update_fields=["about"])


class Migration(migrations.Migration):

    dependencies = [("offices", "0015_approval_about")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
