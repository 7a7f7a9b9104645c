"""What a page costs over the wire: itself compressed, and the files that it names."""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

# Fonts are apart: they come once, for all pages, and text is read before.
FILE = re.compile(r'(?:href|src)="/static/([^"#?]+)')
FONT = ".woff2"


@dataclass(frozen=True)
class Weight:
    """Bytes: of the page alone, as for who has been here before, and of what it names."""

    page: int
    files: int

    @property
    def first_visit(self) -> int:
        return self.page + self.files


def weigh(client: Client, path: str) -> Weight:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    named = set(FILE.findall(gzip.decompress(answer.content).decode()))
    sent = sum(_compressed(name) for name in named if not name.endswith(FONT))
    return Weight(len(answer.content), sent)


@cache
def _compressed(name: str) -> int:
    """As WhiteNoise keeps it; pictures that do not shrink are sent as they are."""
    found = finders.find(name)
    assert found, f"No such file: {name}"
    whole = Path(found).read_bytes()
    return min(len(whole), len(gzip.compress(whole, 9)))
