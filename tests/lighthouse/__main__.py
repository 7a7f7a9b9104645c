"""`make lighthouse`: the citizen's pages, or those that are named."""

from tests.screens.starting import set_up

set_up()

from tests.lighthouse.command import main  # noqa: E402  # models need the settings first

if __name__ == "__main__":
    raise SystemExit(main())
