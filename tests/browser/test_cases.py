"""The pages of cases and appeals: axe, nothing sideways, on a phone and in the dark."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offices.rules import Act
from queueing.integrity.services import acts, appeals, cases
from queueing.integrity.services.appeals import Objection
from tests.browser.visitor import IN_TURN, Visitor
from tests.factories import OfficerPostFactory, SlotFactory, UserFactory
from tests.queueing.booking.visits import account_of, book, family
from tests.queueing.integrity.cases import begun, case_of, done, prepared


@pytest.fixture
def officer(portal) -> User:
    return OfficerPostFactory(role="SISTIK", office=None).user


@pytest.fixture
def people(portal) -> list:
    slot, people = SlotFactory(capacity=3), family(2)
    book(slot, people)
    return people


@pytest.fixture
def enter(visit, officer: User) -> Callable[..., Visitor]:
    """A browser in which SISTIK has passed a second factor."""

    def enter(**how: object) -> Visitor:
        return visit(officer=officer, **how)

    return enter


@pytest.fixture
def addresses(officer: User, people: list, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A case with acts in each state, an appeal that waits and one that is answered."""
    monkeypatch.setattr("paspor.kernel.broker.tell", lambda *_told: None)
    case = case_of([account_of(people), *UserFactory.create_batch(8)])
    now = timezone.now()
    void = prepared(case, Act.VOID, officer)
    running = begun(case, Act.LIMIT, officer)
    acts.run(act_id=running.pk, now=now, most=4)
    finished = done(case, Act.SUSPEND, officer, accounts=[account_of(people)])
    cases.note(officer=officer, code=case.code, text="Ditelepon, tidak dijawab.", now=now)
    matter = account_of(people).restrictions.get(kind="SUSPENDED")
    objection = Objection("restriction", matter.code, "Ini keluarga saya sendiri.")
    appeal = appeals.file(account=account_of(people), objection=objection, now=now)
    return [
        *(reverse(f"cases:{name}") for name in ("list", "open", "appeals")),
        reverse("cases:case", args=[case.code]),
        *(reverse("cases:act", args=[act.code]) for act in (void, running, finished)),
        reverse("cases:appeal", args=[appeal.code]),
    ]


@pytest.mark.parametrize("first", IN_TURN)
def test_officers_pages_of_cases_fit_and_keep_their_contrast(enter, addresses, first):
    enter().tour(addresses, first=first)


@pytest.mark.parametrize("first", IN_TURN)
def test_a_suspended_person_reads_why_and_objects(visit, officer, people, first):
    account = account_of(people)
    done(case_of([account]), Act.SUSPEND, officer)
    visitor = visit(user=account)
    visitor.take(first)

    visitor.page.goto("/keberatan/")
    visitor.check()
    visitor.press(visitor.page.get_by_role("link", name="Ajukan keberatan"))
    visitor.check()
    visitor.page.get_by_label("Keberatan Anda").fill("Ini keluarga saya sendiri.")
    visitor.press(visitor.page.get_by_role("button", name="Kirim keberatan"))

    assert "Dijawab paling lambat" in visitor.page.content()
    visitor.check()


def test_progress_moves_by_itself_and_without_scripts_on_reload(enter, officer, monkeypatch):
    monkeypatch.setattr("paspor.kernel.broker.tell", lambda *_told: None)
    act = begun(case_of(UserFactory.create_batch(3)), Act.LIMIT, officer)
    path = reverse("cases:act", args=[act.code])
    quick, plain = enter(), enter(javascript=False)
    quick.page.goto(path)
    plain.page.goto(path)

    acts.resume(timezone.now())

    quick.page.get_by_role("heading", name="Selesai").wait_for()
    plain.press(plain.page.get_by_role("link", name="Muat ulang"))
    assert plain.page.get_by_role("heading", name="Selesai").count() == 1
