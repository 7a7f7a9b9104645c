"""Making a sealed file of evidence: a ZIP with a signed manifest, and the chain of its events.

manifest.json     about the file, and the SHA-256 of every other one
manifest.sig      the manifest's signature (Ed25519, base64url)
chain/S.tsv       the links of stream S in order: seq, digest of the event, digest of the link;
                  the first line says where they begin and what the link before was
chain/events.jsonl  the events concerned, each as the text whose SHA-256 its link holds
chain/heads.json  the published heads of a day (a page of /api/v1/ledger/heads)

Checked anywhere by verify_evidence.py, without our database: docs/cases.md.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from paspor.kernel.verify_evidence import MANIFEST, SIGNATURE, Link, digest

FORMAT = "paspor-evidence/1"


def pack(
    files: Mapping[str, bytes], about: Mapping[str, Any], *, sign: Callable[[bytes], str]
) -> bytes:
    """The sealed ZIP. Made in memory: nothing of it is left on a disk of ours."""
    told = {"format": FORMAT, **about, "files": {name: digest(files[name]) for name in files}}
    manifest = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True).encode()
    sealed = {**files, MANIFEST: manifest, SIGNATURE: sign(manifest).encode()}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in sealed.items():
            archive.writestr(name, content)
    return out.getvalue()


def chain_text(prev: str, links: Iterable[Link]) -> Iterator[str]:
    """The lines of chain/S.tsv; ``prev`` is the digest of the link before the first."""
    yield f"prev\t{prev}\n"
    for one in links:
        yield f"{one.seq}\t{one.event_digest}\t{one.digest}\n"
