"""How the API describes the turn of a caller (drf-spectacular)."""

from drf_spectacular.utils import OpenApiParameter

from queueing.admission import tokens

TURN = OpenApiParameter(
    tokens.HEADER,
    str,
    OpenApiParameter.HEADER,
    description="`token` of the newest turn: it is answered at once, without asking who that is.",
)
