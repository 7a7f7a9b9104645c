"""What accounts itself answers to its own ports."""

from accounts import ports
from accounts.personal_data import AccountData


def connect() -> None:
    ports.personal_data.register(AccountData())
