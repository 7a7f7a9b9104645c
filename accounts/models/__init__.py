"""Who people are and how we reach them."""

from accounts.models.mail import MailDomain, Message
from accounts.models.people import Applicant, IdentityCheck, ListChange, Person
from accounts.models.users import MAIL_DOMAIN, Consent, Trace, User, new_public_code

__all__ = [
    "MAIL_DOMAIN",
    "Applicant",
    "Consent",
    "IdentityCheck",
    "ListChange",
    "MailDomain",
    "Message",
    "Person",
    "Trace",
    "User",
    "new_public_code",
]
