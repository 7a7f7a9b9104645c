"""What the database says of a row that it refuses."""

import pytest
from django.db import IntegrityError, transaction

from paspor.kernel.database import violated
from paspor.kernel.models import StoredAnswer


@pytest.mark.django_db
def test_a_constraint_is_known_by_its_name_and_not_by_what_the_row_says():
    """The message quotes the row: a text of anybody's may hold the name of another constraint."""
    answer = {"user_id": 1, "key": "incident_one_live", "status": 200}
    StoredAnswer.objects.create(**answer)

    with pytest.raises(IntegrityError, match="incident_one_live") as refusal, transaction.atomic():
        StoredAnswer.objects.create(**answer)

    assert violated(refusal.value, "storedanswer_one_per_key")
    assert violated(refusal.value, "incident_one_live", "storedanswer_one_per_key")
    assert not violated(refusal.value, "incident_one_live")


def test_an_error_that_is_not_the_databases_names_no_constraint():
    assert not violated(IntegrityError("storedanswer_one_per_key"), "storedanswer_one_per_key")
