"""Claiming an identity that another account has, and its owner at the counter."""

from django.utils import timezone

from accounts.models import Applicant
from accounts.registry.simulator import BIRTH_PLACE, MOTHER, known_kk
from accounts.services import people
from offices.models import OfficerPost
from offices.reasons import Why
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.services import claims
from queueing.integrity.services.claims import ClaimWish
from tests.factories import OfficerPostFactory

WHY = Why("nik_claimed", "Pemilik datang dengan KTP")


def true_fields(claimant: Applicant, **wrong: str) -> dict[str, str]:
    nik = people.open_nik(claimant)
    true = {"kk": known_kk(nik), "mother_name": MOTHER, "birth_place": BIRTH_PLACE}
    return true | wrong


def claimed(claimant: Applicant, further: dict[str, str] | None = None) -> IdentityClaim:
    wish = ClaimWish(claimant.code, "NEW", "REGULAR", further or {})
    return claims.open_claim(account=claimant.account, wish=wish, now=timezone.now())


def at_counter() -> OfficerPost:
    return OfficerPostFactory()


def accepted(claim: IdentityClaim, post: OfficerPost | None = None) -> IdentityClaim:
    post = post or at_counter()
    return claims.accept_at_counter(
        officer=post.user, office=post.office, code=claim.code, why=WHY, now=timezone.now()
    )
