"""Sums that Django has no class for."""

from typing import Any

from django.db.models import Aggregate, FloatField, Func


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"
    output_field = FloatField()


def seconds(interval: Any) -> Func:
    """An interval, such as one moment minus another, as a number."""
    return Func(interval, template="EXTRACT(EPOCH FROM %(expressions)s)", output_field=FloatField())
