"""Which way a report may go, and whose clock runs. Pure, as rules are."""

from offices.errors import ReportStepWrong

# From each state to those that may follow.
STEPS = {
    "RECEIVED": ("OFFICE", "SISTIK", "WAITING", "SOLVED"),
    "OFFICE": ("SISTIK", "WAITING", "SOLVED"),
    "SISTIK": ("WAITING", "SOLVED"),
    "WAITING": ("OFFICE", "SISTIK", "SOLVED"),
    "SOLVED": (),
}
# Which part is out of order where many report this.
PART_OF = {
    "VERIFICATION": "MAIL",
    "SIGN_IN": "LOGIN",
    "BOOKING": "BOOKING",
    "PAYMENT": "PAYMENT",
    "DATA": "REGISTRY",
}


def check_step(state: str, wanted: str, *, is_escalated: bool, goes_past_office: bool) -> None:
    """An office gets nothing back that SISTIK has, and nothing that goes past it."""
    back = wanted == "OFFICE" and (is_escalated or goes_past_office)
    if wanted not in STEPS[state] or back:
        raise ReportStepWrong


def state_after_reply(*, is_escalated: bool, goes_past_office: bool, has_office: bool) -> str:
    """Who asked the reporter goes on."""
    return "OFFICE" if has_office and not (is_escalated or goes_past_office) else "SISTIK"
