"""A citizen with a phone, and the visits they wish for."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Applicant, User
from queueing.quota.models import Slot
from tests.factories import ApplicantFactory, SlotFactory, UserFactory
from tests.live import token_for

BOOKINGS = "/api/v1/bookings"


def wish(slot: Slot, *applicants: Applicant, **more: Any) -> dict[str, Any]:
    """The body of POST /bookings for these people at this hour."""
    return {
        "slot": slot.code,
        "places": [
            {"applicant": applicant.code, "kind": "NEW", "passport_type": "REGULAR"}
            for applicant in applicants
        ],
    } | more


def keyed(key: str = "a-key-of-this-test") -> dict[str, str]:
    return {"Idempotency-Key": key}


class Phone:
    """The mobile app of one account: every call carries its session token."""

    def __init__(self, account: User | None) -> None:
        self.account = account
        self.client = APIClient()
        if account:
            self.client.credentials(HTTP_X_SESSION_TOKEN=token_for(account))

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.client.get(path, query, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, body, headers=sent | (keyed(key) if key else {}))

    def book(self, slot: Slot, *applicants: Applicant, key: str = "book-1", **more: Any) -> Any:
        return self.post(BOOKINGS, wish(slot, *applicants, **more), key=key)


@pytest.fixture
def account(db: None) -> User:
    return UserFactory()


@pytest.fixture
def applicant(account: User) -> Applicant:
    return ApplicantFactory(account=account, name="Siti Aminah")


@pytest.fixture
def slot(db: None) -> Slot:
    return SlotFactory(capacity=6)


@pytest.fixture
def phone(account: User) -> Phone:
    return Phone(account)


@pytest.fixture
def phone_of(db: None) -> Callable[[User | None], Phone]:
    return Phone
