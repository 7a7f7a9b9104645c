"""`make bench`: each row on the real stack, and one table of what came of it."""

from tests.bench.starting import set_up

set_up()

from tests.bench.command import main  # noqa: E402  # models need the settings first

if __name__ == "__main__":
    raise SystemExit(main())
