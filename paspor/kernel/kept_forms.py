"""What was typed before a sign-in, a turn or a side step came between, until its page is back.

It waits in the visitor's own session, encrypted: forms hold names and NIKs, and the session of
somebody who is not signed in is only a row.
"""

import base64

from django.http import HttpRequest, QueryDict

from paspor.kernel import cipher
from paspor.kernel.once_door import TOKEN

KEPT = "kept_form"
MOST_KEPT = 8000  # characters: a session is no store for whatever is posted


def keep(request: HttpRequest, *, path: str = "") -> None:
    """Remember what was posted, until the page at ``path`` (this one) is opened again."""
    text = typed(request).urlencode()
    if len(text) <= MOST_KEPT:
        path = path or request.path
        key_id, sealed = cipher.encrypt(text, bound_to=_bound_to(path))
        said = base64.b64encode(sealed).decode()
        request.session[KEPT] = {"path": path, "key": key_id, "said": said}


def typed(request: HttpRequest) -> QueryDict:
    """What was posted, without what the page itself adds."""
    said = request.POST.copy()
    for name in ("csrfmiddlewaretoken", TOKEN):
        said.pop(name, None)
    return said


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed here before; told once."""
    found = request.session.get(KEPT)
    if not found or found["path"] != request.path:
        return None
    del request.session[KEPT]
    try:
        sealed = base64.b64decode(found["said"])
        text = cipher.decrypt(found["key"], sealed, bound_to=_bound_to(request.path))
    except (cipher.CannotDecrypt, KeyError):
        return None  # kept under a key that is gone, or by an older release
    return QueryDict(text)


def _bound_to(path: str) -> str:
    return f"{KEPT}:{path}"
