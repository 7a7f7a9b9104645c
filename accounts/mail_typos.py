"""Domains that are easily mistyped, and what was probably meant. Pure."""

# The commonest first: what is as near to two of them is taken for the first.
KNOWN = (
    *("gmail.com", "yahoo.com", "yahoo.co.id", "hotmail.com", "outlook.com", "icloud.com"),
    *("ymail.com", "rocketmail.com", "outlook.co.id", "live.com", "proton.me", "protonmail.com"),
)
# Real ones that look like a slip.
REAL = frozenset({"mail.com", "email.com", "googlemail.com", "gmx.com", "hotmail.co.id", "me.com"})
# More than one slip away, and often seen.
MEANT = {
    "gmail": "gmail.com",
    "gmail.id": "gmail.com",
    "gmail.co.id": "gmail.com",
    "gmail.com.id": "gmail.com",
    "yahoo": "yahoo.com",
    "yahoo.id": "yahoo.co.id",
    "yahoo.com.id": "yahoo.co.id",
}
SHORTEST = 9  # "live.com" is one letter from too many others


def meant_domain(domain: str) -> str:
    """What this domain was probably meant to be; "" where nothing is odd about it."""
    typed = domain.strip().lower().rstrip(".")
    if typed in KNOWN or typed in REAL:
        return ""
    near = (known for known in KNOWN if len(known) >= SHORTEST and _is_one_slip(typed, known))
    return MEANT.get(typed) or next(near, "")


def meant_address(email: str) -> str:
    """The address with that domain; "" where nothing is odd about it."""
    local, _, domain = email.rpartition("@")
    meant = meant_domain(domain)
    return f"{local}@{meant}" if local and meant else ""


def _is_one_slip(typed: str, known: str) -> bool:
    """One letter too many, missing or wrong, or two neighbours swapped."""
    if abs(len(typed) - len(known)) > 1 or typed == known:
        return False
    same = next((n for n, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), None)
    start = min(len(typed), len(known)) if same is None else same
    rest, other = typed[start:], known[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
