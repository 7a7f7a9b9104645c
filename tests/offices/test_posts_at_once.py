"""Posts that end in the same instant."""

from accounts.models import User
from offices.errors import PostInvalid
from offices.models import OfficerPost
from offices.services import posts
from paspor.kernel.errors import NotAllowed
from tests.at_once import at_once
from tests.offices.conftest import NOW


def test_two_posts_of_sistik_ended_at_once_leave_one(committed_db, officer):
    """Each of two ends the other, again and again: neither waits for the other for ever."""
    for _ in range(6):
        first, second = officer("SISTIK"), officer("SISTIK")
        OfficerPost.objects.exclude(user__in=[first, second]).update(ends_at=NOW)
        answers = at_once(
            [lambda: is_ended(first, second), lambda: is_ended(second, first)]  # noqa: B023
        )
        assert sorted(answers) == [False, True]


def is_ended(officer: User, holder: User) -> bool:
    try:
        posts.end_post(officer=officer, post=holder.posts.get(), now=NOW)
    except (PostInvalid, NotAllowed):
        return False
    return True
