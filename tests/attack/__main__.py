"""`make attack`: every variant with the defences on, and 2017's with them off."""

from tests.attack.starting import set_up

set_up()

from tests.attack.command import main  # noqa: E402  # models need the settings first

if __name__ == "__main__":
    raise SystemExit(main())
