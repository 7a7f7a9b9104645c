"""What the API accepts: JSON of a bounded size, the documented fields, the documented types.

A misspelt field that is silently dropped, or "no" taken for true, books something else
than the person asked for.
"""

import json
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from math import isfinite
from threading import local
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers, serializers


class BoundedJSONParser(parsers.JSONParser):
    """JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; nested beyond reason is malformed.

    DRF would read the stream past Django's limit; ``body`` raises RequestDataTooBig.
    It also leaves the bytes there for the fingerprint of an Idempotency-Key.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = (parser_context or {})["request"].body
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
            if rb"\ud" in body.lower():
                # Half a surrogate pair: UTF-8, and so PostgreSQL, cannot hold it.
                json.dumps(parsed, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):
            raise exceptions.ParseError from None
        return parsed


class StrictSerializer(serializers.Serializer):
    """Input that refuses a field it does not know."""

    default_error_messages = {
        "invalid": _("Isi dengan objek JSON."),
        "unknown_field": _("Isian ini tidak dikenal."),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """null is no object either; DRF would say so in English only."""
        return super().run_validation([] if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        text = self.error_messages["unknown_field"]
        faults = {str(name): [text] for name in sorted(unknown, key=str)}
        try:
            understood = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            raise serializers.ValidationError(refusal.detail | faults) from None
        if faults:
            raise serializers.ValidationError(faults)
        return understood


_checkers = local()


def checked(kind: type[StrictSerializer], body: Any, *, partial: bool = False) -> dict[str, Any]:
    """The body as this serializer understands it; ValidationError becomes 422.

    Making a serializer copies all its fields, which takes longer than checking the body. One
    of each kind serves all requests of a thread: what it keeps is its fields, no body. One for
    each language too: DRF's fields keep the words that they said first.
    """
    checkers, key = vars(_checkers).setdefault("made", {}), (kind, partial, get_language())
    checker = checkers.get(key)
    if checker is None:
        checker = checkers[key] = kind(partial=partial)
    return checker.run_validation(body)


class DayField(serializers.DateField):
    """A date as RFC 3339 writes it: Python would take digits of other scripts too.

    31 February is written rightly and is no day: DRF would only ask for another format.
    """

    default_error_messages = {
        "invalid": _("Tulis tanggal yang ada di kalender, misalnya 1990-12-31."),
    }

    def to_internal_value(self, value: Any) -> date:
        if isinstance(value, str) and not value.isascii():
            self.fail("invalid")
        return super().to_internal_value(value)


class TextField(serializers.CharField):
    """A JSON string; a number or a truth value is not one."""

    default_error_messages = {"invalid": _("Isi dengan teks.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeField(serializers.IntegerField):
    """A whole number, told in our own words where DRF has none in Indonesian."""

    default_error_messages = {"max_string_length": _("Angka ini terlalu panjang.")}


class NumberField(serializers.FloatField):
    """A number; infinity and not-a-number are none."""

    default_error_messages = {
        "invalid": _("Isi dengan angka, misalnya -6.2."),
        "max_string_length": _("Angka ini terlalu panjang."),
        "overflow": _("Angka ini terlalu besar."),
    }

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not isfinite(value):
            self.fail("invalid")
        return value


class UploadField(serializers.FileField):
    """A file of a form. DRF has no Indonesian words for what is no file."""

    default_error_messages = {
        "invalid": _("Kirim sebuah berkas, sebagai multipart/form-data."),
        "no_name": _("Berkas ini tidak bernama."),
        "empty": _("Berkas ini kosong."),
    }


class ListOf(serializers.ListField):
    """A JSON array. DRF has no Indonesian words for what is wrong with one."""

    default_error_messages = {
        "not_a_list": _("Isi dengan daftar."),
        "empty": _("Daftar ini tidak boleh kosong."),
        "min_length": _("Daftar ini memuat sedikitnya {min_length}."),
        "max_length": _("Daftar ini memuat paling banyak {max_length}."),
    }


class TruthField(serializers.BooleanField):
    """JSON true or false; neither 1 nor "yes"."""

    default_error_messages = {"invalid": _("Isi dengan true atau false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
