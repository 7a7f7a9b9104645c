"""The API's description: problem details on every operation, and allauth's own paths."""

import re
from typing import Any

from allauth.headless.spec.internal.schema import get_schema
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction, OpenApiExample, OpenApiParameter, OpenApiResponse

from paspor.kernel import proof
from paspor.kernel.idempotency import HEADER
from paspor.kernel.pagination import PageNumber
from paspor.kernel.problems import CONTENT_TYPE, TITLES

PREFIX = "Allauth"
# Of what is asked for again by its ETag.
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="An ETag: 304 if nothing changed."
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="For `If-None-Match`."
)
CONDITIONAL = [IF_NONE_MATCH, ETAG]
UNCHANGED = OpenApiResponse(description="Nothing has changed since that ETag.")
DONE = {204: OpenApiResponse(description="Done.")}


def page_parameters(most: int = PageNumber.max_page_size) -> list[OpenApiParameter]:
    """Which page of a list, and how many rows of it at most."""
    size = {"type": "integer", "minimum": 1, "maximum": most}
    return [
        OpenApiParameter("page", {"type": "integer", "minimum": 1}, description="From 1 on."),
        OpenApiParameter("page_size", size),
    ]


PAGE = page_parameters()
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "example": "slot_full"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The request's id, as in X-Request-ID."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "retry_after": {"type": "integer", "description": "Seconds."},
        "proof": {
            "type": "object",
            "description": (
                "With `proof_needed`: a challenge of ALTCHA's protocol, version 2. "
                "Its solution goes into X-Proof (docs/api.md)."
            ),
            "required": ["parameters", "signature"],
            "properties": {
                "parameters": {"type": "object"},
                "signature": {"type": "string"},
            },
        },
        "turn": {
            "type": "object",
            "description": (
                "With `in_line` and `at_capacity`: where the account stands, as `GET /turn` "
                "tells it. Its `token` goes into X-Turn."
            ),
        },
        "limit": {"type": "string", "description": "With `limit_reached`: which one."},
        "ends_at": {
            "type": "string",
            "format": "date-time",
            "description": "With `limit_reached`: when it is free again.",
        },
    },
}
PROOF = OpenApiParameter(
    proof.HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "Only after a 428 `proof_needed`: base64 of the JSON `{challenge, solution}`, "
        "the challenge being its member `proof`. Holds once."
    ),
)


REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    response=True,
    enum=["true", "false"],
    description="Whether this answer was given before under the same key.",
)


def key(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        HEADER,
        {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
        OpenApiParameter.HEADER,
        required=required,
        description=(
            "1 to 80 visible ASCII characters, best a UUID. The same key with the same body is "
            "answered as before and nothing happens twice; with another body it is refused."
        ),
        examples=[OpenApiExample("A UUID", "3f0f2a52-5d0e-4b36-9d2f-9f6b1f0c7a11")],
    )


class ProblemAutoSchema(AutoSchema):
    """Adds the refusals that any operation may answer with."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        reference = self._problem_component().ref
        for status in self._refusals(operation):
            operation["responses"].setdefault(
                str(status),
                {
                    "description": TITLES[status],
                    "content": {CONTENT_TYPE: {"schema": reference}},
                },
            )
        return operation

    def _problem_component(self) -> ResolvedComponent:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem"
        )
        self.registry.register_on_missing(component)
        return component

    def _refusals(self, operation: dict[str, Any]) -> list[int]:
        """400 and 422 are bad input, 404 what is not there, 405 and 406 the wrong way to ask."""
        refusals = [400, 404, 405, 406, 422, 429, 503]
        if operation.get("security", [{}]) != [{}]:
            refusals += [401, 403]
        if self.method not in {"GET", "HEAD"}:
            refusals += [409, 413, 415]
        if any(each["name"] == proof.HEADER for each in operation.get("parameters", [])):
            refusals += [428]
        return sorted(refusals)


class StrictSerializerExtension(OpenApiSerializerExtension):
    """Says that a field that is not described is refused."""

    target_class = "paspor.kernel.strict.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}


def add_allauth_paths(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Merge what allauth says of its paths; its component names get a prefix of their own."""
    theirs = _prefixed(get_schema())
    ours = _tags(result["paths"])
    result["paths"] |= {path: _named(path, item) for path, item in theirs["paths"].items()}
    components = result.setdefault("components", {})
    for kind, entries in theirs["components"].items():
        known = components.setdefault(kind, {})
        known |= {f"{PREFIX}{name}": entry for name, entry in entries.items()}
    # Ours first: pages list tags in this order.
    result["tags"] = [{"name": name} for name in ours] + theirs["tags"]
    return result


def may_need_proof(operation: dict[str, Any]) -> None:
    """Say of an operation of allauth's that it takes a proof of work, and refuses without."""
    operation.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": PROOF.name,
            "schema": {"type": "string"},
            "description": PROOF.description,
        }
    )
    operation["responses"]["428"] = {
        "description": TITLES[428],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _tags(paths: dict[str, Any]) -> list[str]:
    operations = (operation for item in paths.values() for operation in item.values())
    return sorted({tag for operation in operations for tag in operation.get("tags", [])})


def _named(path: str, item: dict[str, Any]) -> dict[str, Any]:
    """Each operation with an id, and with what the path says for all of its methods."""
    common = item.get("parameters", [])
    words = re.findall(r"[A-Za-z0-9]+", path)
    operations = {}
    for method, operation in item.items():
        if method == "parameters":
            continue
        parameters = [*common, *operation.get("parameters", [])]
        operations[method] = operation | {
            "operationId": "_".join([*words, method]),
            **({"parameters": parameters} if parameters else {}),
        }
    return operations


def _prefixed(node: Any) -> Any:
    """The same tree with every reference and security scheme renamed."""
    if isinstance(node, list):
        return [_prefixed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _renamed(key, value) for key, value in node.items()}


def _renamed(key: str, value: Any) -> Any:
    if key == "$ref" and isinstance(value, str):
        head, _, name = value.rpartition("/")
        return f"{head}/{PREFIX}{name}"
    if key == "security":
        return [{f"{PREFIX}{name}": scopes for name, scopes in choice.items()} for choice in value]
    return _prefixed(value)
