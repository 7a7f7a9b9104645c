#!/usr/bin/env python
"""Django's command line for Paspor."""

import os
import runpy
import sys
from pathlib import Path

# A file of evidence is checked on any computer: without a configuration, and without Django.
ALONE = {"verify_evidence": "paspor/kernel/verify_evidence.py"}


def main() -> None:
    name = "".join(sys.argv[1:2])
    if name in ALONE and not os.environ.get("SECRET_KEY"):
        script = Path(__file__).resolve().parent / ALONE[name]
        sys.argv[:2] = [f"{sys.argv[0]} {name}"]
        runpy.run_path(str(script), run_name="__main__")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paspor.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
