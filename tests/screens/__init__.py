"""`make screens`: every page in every look, checked, and a picture of each for docs/screens.md."""
