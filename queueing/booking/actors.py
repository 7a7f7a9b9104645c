"""Who did it: a citizen, an officer, or the system itself."""

from dataclasses import dataclass
from typing import Self

from accounts.models import User
from paspor.kernel.origin import UNKNOWN, Origin
from queueing.booking.models import ActorKind


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    user_id: int | None = None
    origin: Origin = UNKNOWN

    @classmethod
    def citizen(cls, user: User, origin: Origin = UNKNOWN) -> Self:
        return cls(ActorKind.CITIZEN, user.pk, origin)

    @classmethod
    def officer(cls, user: User) -> Self:
        return cls(ActorKind.OFFICER, user.pk)

    @classmethod
    def system(cls) -> Self:
        return cls(ActorKind.SYSTEM)
