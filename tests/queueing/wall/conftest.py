"""Officers, and browsers that have passed a second factor."""

from tests.offices.conftest import kanim, officer, sign_in

__all__ = ["kanim", "officer", "sign_in"]
