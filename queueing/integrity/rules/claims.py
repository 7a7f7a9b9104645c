"""When a NIK may be claimed, and when what the registry says is enough. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from accounts import rules as people
from accounts.errors import KkInvalid, NameInvalid
from paspor.kernel.errors import N_
from queueing.integrity import errors

LONGEST = 100


class Verdict(StrEnum):
    """What becomes of the place that a proven claim is about."""

    TAKE = "take"
    # It needs a look at the KTP: what the registry can tell, the other side may know as well.
    COUNTER = "counter"
    # There is nothing to take any more: the NIK is free, or it is the claimant's own visit.
    OVER = "over"


def verdict(
    *, is_live: bool, is_own: bool, has_arrived: bool, is_proven: bool, at_counter: bool
) -> Verdict:
    """``is_proven``: its holder won it by a claim, or an officer has seen their KTP.

    Who knows a family card by heart may pass for its owner, so a place that was proven
    once changes hands at a counter only; a person who has arrived is asked there too.
    """
    if not is_live or is_own:
        return Verdict.OVER
    if has_arrived or (is_proven and not at_counter):
        return Verdict.COUNTER
    return Verdict.TAKE


def check_count(*, of_account: int, of_person: int, account_most: int, person_most: int) -> None:
    if of_account >= account_most or of_person >= person_most:
        raise errors.TooManyClaims


def open_until(opened_at: datetime, *, days: int) -> datetime:
    """Whoever has shown no KTP by then loses the claim, not the NIK: they may claim again."""
    return opened_at + timedelta(days=days)


def tidy_further(*, kk: str, mother_name: str, birth_place: str) -> dict[str, str]:
    """All three, or none: then the KTP at a counter is the way. Names every field at fault."""
    said = {
        "kk": people.tidy_number(kk),
        "mother_name": people.tidy_name(mother_name),
        "birth_place": people.tidy_name(birth_place),
    }
    if not any(said.values()):
        return {}
    faults = _faults(said)
    if faults:
        raise errors.FurtherInvalid(fields=faults)
    return said


def _faults(said: Mapping[str, str]) -> dict[str, list[str]]:
    faults = {name: [errors.FurtherInvalid.missing] for name, value in said.items() if not value}
    if "kk" not in faults:
        try:
            people.check_kk(said["kk"])
        except KkInvalid as refusal:
            faults |= refusal.fields
    if "mother_name" not in faults:
        try:
            people.check_name(said["mother_name"])
        except NameInvalid as refusal:
            faults["mother_name"] = refusal.fields["name"]
    if len(said["birth_place"]) > LONGEST:
        faults["birth_place"] = [N_("Tempat lahir paling panjang 100 huruf.")]
    return faults
