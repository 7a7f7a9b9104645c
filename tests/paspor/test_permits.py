"""A permit is there or not, at once, and comes back whatever happens."""

import pytest

from paspor.kernel.permits import Permits


def test_no_more_than_there_are():
    permits = Permits(2)
    with permits.tried() as first, permits.tried() as second, permits.tried() as third:
        assert (first, second, third) == (True, True, False)
    with permits.tried() as again:
        assert again


def test_work_that_fails_gives_its_permit_back():
    permits = Permits(1)
    with pytest.raises(ZeroDivisionError), permits.tried():
        raise ZeroDivisionError
    with permits.tried() as again:
        assert again


def test_whoever_had_none_gives_none_back():
    permits = Permits(1)
    with permits.tried():
        with permits.tried() as other:
            assert not other
        with permits.tried() as other:
            assert not other
