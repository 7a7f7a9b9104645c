"""A hold that asks for a proof of work, on the page of its form."""

from django.http import HttpRequest
from django.utils import timezone

from paspor.kernel import proof_door, ratelimit
from paspor.kernel.proof import ProofNeeded
from paspor.kernel.proof_door import Asked
from queueing.booking.services import proving


def proof_request(request: HttpRequest, refusal: ProofNeeded) -> Asked:
    """What the page shows. Mails the code of the way without a script where it was asked for."""
    now = timezone.now()
    wait = proof_door.wait_of(request, purpose=refusal.purpose, about=refusal.about, now=now)
    if request.POST.get(proof_door.SEND_CODE):
        ratelimit.check(request, "proof_code")
        wait = proving.mail_code(account=request.user, wait=wait, now=now)
    return proof_door.proof_request(request, refusal, wait, now=now)
