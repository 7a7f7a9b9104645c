"""What `make run` fills its database with."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Applicant, User
from offices.models import Holiday, OfficerPost
from queueing.integrity.models.cases import Case
from queueing.management.commands._hoarders import ACCOUNTS
from queueing.quota.models import Seat


@pytest.mark.django_db
def test_shared_passwords_are_refused_outside_the_demo():
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()


@pytest.mark.usefixtures("committed_db")
def test_a_second_run_adds_nothing(settings):
    settings.DEMO = True
    call_command("load_offices", stdout=StringIO())

    def seed():
        call_command("seed_demo", days=1, stdout=StringIO())
        rows = (User, Applicant, OfficerPost, Holiday, Seat, Case)
        return [model.objects.count() for model in rows]

    first = seed()
    assert first == seed()
    assert first[:3] == [10 + ACCOUNTS, 3 + ACCOUNTS, 9]
    case = Case.objects.get()
    assert case.about == Case.About.CLUSTER
    assert case.members.count() == ACCOUNTS
