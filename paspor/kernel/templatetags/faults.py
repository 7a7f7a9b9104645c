"""How a form's faults are listed at its head."""

from django import template

register = template.Library()


@register.filter
def at_field(fault: str, label: str) -> str:
    """Under the name of the field, unless the sentence says it: "Kode – Kode tidak cocok."."""
    said, name = str(fault), str(label)
    return said if name.casefold() in said.casefold() else f"{name} – {said}"
