"""What the portal does by itself, and what two officers of headquarters make of it."""

from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from offices.models import Approval, OfficerPost
from offices.reasons import Why
from offices.rules import Act
from offices.services import approvals, posts
from paspor.kernel.errors import DomainError, NeedsApproval
from queueing.booking import tasks as booking
from queueing.booking.models import Place
from queueing.desk import tasks as desk
from queueing.integrity import tasks as integrity
from queueing.integrity.models.cases import BulkAct, Case
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.services import acts
from tests.attack.play import Play, served
from tests.attack.town import OPENS_AT
from tests.factories import OfficerPostFactory

WHY = Why("identity_false", "Gugus akun dengan NIK yang dibuat-buat, diperiksa bersama.")
# Officers look once in half a working day; the tasks of the portal run far more often
# in life than here.
# An officer with one heavy signal, or several light ones, is looked into.
NOTICED = 45
LOOKS = timedelta(hours=4)
SCORES = timedelta(hours=2)
WORK = """
SELECT EXISTS (SELECT FROM queueing_place WHERE state = 'HELD'),
       EXISTS (SELECT FROM accounts_identitycheck WHERE outcome = 'PENDING')
"""
# The last hour is over in Jakarta, and closed by the evening.
DAY_ENDS = timedelta(hours=9)
SWEEPS = timedelta(minutes=10)


class Headquarters:
    """Without ``sees`` nobody checks, scores or looks: only lapsed holds end."""

    def __init__(self, play: Play, *, sees: bool = True) -> None:
        self.play = play
        self.sees = sees
        self.noticed: set[int] = set()  # officers of whom anything was, ever
        self.first, self.second = (
            OfficerPostFactory(
                role="SISTIK", office=None, user__email=f"sistik{n}@contoh.test"
            ).user
            for n in (1, 2)
        )

    def begin(self) -> None:
        self.play.every(SWEEPS, self.sweep, first=OPENS_AT)
        self.play.every(timedelta(days=1), self.end_of_day, first=OPENS_AT + DAY_ENDS)
        if not self.sees:
            return
        self.play.every(SCORES, self.score, first=OPENS_AT + timedelta(minutes=1))
        self.play.every(LOOKS, self.look, first=OPENS_AT + timedelta(minutes=2))

    def end_of_day(self) -> None:
        """Whoever is booked and has not come by now stayed away."""
        served(self.play.clock.now)
        desk.close_finished_days()

    def sweep(self) -> None:
        """The tasks look for work themselves; asked first, a quiet night costs nothing."""
        with connection.cursor() as cursor:
            cursor.execute(WORK)
            held, unchecked = cursor.fetchone()
        if held:
            booking.expire_holds()
        if unchecked and self.sees:
            integrity.sweep_checks()

    def score(self) -> None:
        integrity.score_accounts()
        integrity.keep_cases()
        integrity.watch_officers()
        self.noticed |= set(OfficerScore.objects.values_list("officer", flat=True))

    def look(self) -> None:
        """Every open case is read; who stands in it is suspended, and their places voided."""
        for case in Case.objects.filter(state=Case.State.OPEN).order_by("pk"):
            if case.members.filter(account__suspended_at=None).exists():
                self._carry_out(case, Act.SUSPEND)
            if _live_places(case).exists():
                self._carry_out(case, Act.VOID)
        for noticed in OfficerScore.objects.filter(score__gte=NOTICED):
            self._end_posts(noticed.officer)

    def _end_posts(self, officer: User) -> None:
        for post in OfficerPost.objects.filter(user=officer, ends_at=None):
            posts.end_post(
                officer=self.first, post=post, now=self.play.clock.now, why="Dijual ke calo."
            )

    def _carry_out(self, case: Case, act: Act) -> None:
        now = self.play.clock.now
        try:
            prepared = acts.prepare(
                officer=self.first, code=case.code, wish=acts.Wish(act, WHY), now=now
            )
        except DomainError as refusal:
            self.play.told[f"officers:{refusal.code}"] += 1
            return
        self._start(prepared)
        acts.run(act_id=prepared.pk, now=now)

    def _start(self, prepared: BulkAct) -> None:
        now = self.play.clock.now
        try:
            acts.start(officer=self.first, code=prepared.code, now=now)
        except NeedsApproval as needed:
            self._agree(needed, self.second)
            acts.start(officer=self.first, code=prepared.code, now=now)

    def _agree(self, needed: NeedsApproval, second: User) -> Approval:
        now = self.play.clock.now
        asked = approvals.ask(request=needed.request, officer=self.first, reason="case", now=now)
        return approvals.grant(approval=asked, second=second, used_second_factor=True, now=now)


def _live_places(case: Case) -> QuerySet[Place]:
    accounts = case.members.values("account")
    return Place.objects.filter(live_person__isnull=False, booking__account__in=accounts)
