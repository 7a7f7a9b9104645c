"""A sealed file of evidence: a ZIP with a signed manifest, and the chain of its events.

manifest.json     about the file, and the SHA-256 of every other one
manifest.sig      the manifest's signature (Ed25519, base64url)
chain/S.tsv       the links of stream S in order: seq, digest of the event, digest of the link;
                  the first line says where they begin and what the link before was
chain/events.jsonl  the events concerned, each as the text whose SHA-256 its link holds
chain/heads.json  the published heads of a day (a page of /api/v1/ledger/heads)

Checked anywhere, without our database: docs/cases.md.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from paspor.kernel import ed25519, heads
from paspor.kernel.ed25519 import NotGenuine
from paspor.kernel.ledger import link

FORMAT = "paspor-evidence/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
EVENTS, HEADS = "chain/events.jsonl", "chain/heads.json"
MOST_BYTES = 500 * 1024 * 1024  # of all files unpacked: a check must not fill the machine


@dataclass(frozen=True)
class Link:
    seq: int
    event_digest: str
    digest: str


@dataclass
class Verdict:
    """What a check found. ``covered`` names the streams that reach a published head."""

    about: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)

    @property
    def is_genuine(self) -> bool:
        return not self.problems


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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


# --- Checking --------------------------------------------------------------------------


def verify(content: bytes, *, keys: Mapping[str, str]) -> Verdict:
    """Signature, every hash, the chain's arithmetic and its heads. Never raises for a bad file."""
    verdict = Verdict()
    try:
        files = _unpacked(content, verdict)
    except (BadZipFile, OSError, ValueError, RuntimeError) as problem:
        verdict.problems.append(f"not a readable ZIP: {problem}")
        return verdict
    if not _check_manifest(files, keys, verdict):
        return verdict
    try:
        _check_chain(files, verdict)
    except (KeyError, ValueError, TypeError) as problem:
        verdict.problems.append(f"the chain cannot be read: {problem}")
    return verdict


def _unpacked(content: bytes, verdict: Verdict) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        found = archive.infolist()
        if sum(one.file_size for one in found) > MOST_BYTES:
            raise ValueError("larger than any file of ours")
        names = [one.filename for one in found]
        verdict.problems += [
            f"twice in the ZIP: {name}" for name in sorted(set(names)) if names.count(name) > 1
        ]
        files = {}
        for one in found:
            try:
                files[one.filename] = archive.read(one)
            except (BadZipFile, zlib.error, EOFError):
                verdict.problems.append(f"damaged: {one.filename}")
                files[one.filename] = b""
        return files


def _check_manifest(files: Mapping[str, bytes], keys: Mapping[str, str], verdict: Verdict) -> bool:
    """Whether there is anything to go on with."""
    if MANIFEST not in files or SIGNATURE not in files:
        verdict.problems.append(f"missing: {MANIFEST} or {SIGNATURE}")
        return False
    try:
        verdict.about = json.loads(files[MANIFEST])
        key_id, promised = verdict.about["key"], dict(verdict.about["files"])
    except (ValueError, KeyError, TypeError):
        verdict.problems.append(f"{MANIFEST} cannot be read")
        return False
    try:
        signature = files[SIGNATURE].decode(errors="replace")
        ed25519.check(files[MANIFEST], signature, key_id=key_id, keys=keys)
    except NotGenuine:
        verdict.problems.append(f"the manifest is not signed by a known key (it names {key_id})")
    there = set(files) - {MANIFEST, SIGNATURE}
    verdict.problems += [f"missing: {name}" for name in sorted(set(promised) - there)]
    verdict.problems += [f"added: {name}" for name in sorted(there - set(promised))]
    verdict.problems += [
        f"changed: {name}"
        for name in sorted(there & set(promised))
        if digest(files[name]) != promised[name]
    ]
    return True


def _check_chain(files: Mapping[str, bytes], verdict: Verdict) -> None:
    chains: dict[str, dict[int, Link]] = {}
    for name in sorted(files):
        stream = name.removeprefix("chain/").removesuffix(".tsv")
        if name == f"chain/{stream}.tsv":
            chains[stream] = _walked(stream, files[name].decode(), verdict)
    for line in files.get(EVENTS, b"").decode().splitlines():
        told = json.loads(line)
        held = chains.get(told["stream"], {}).get(told["seq"])
        if held is None or digest(told["text"].encode()) != held.event_digest:
            verdict.problems.append(f"not the event of its link: {told['stream']} {told['seq']}")
    _check_heads(files.get(HEADS, b'{"results": []}').decode(), chains, verdict)


def _walked(stream: str, text: str, verdict: Verdict) -> dict[int, Link]:
    """Every link follows from the one before it, or the first that does not is named."""
    first, *lines = text.splitlines()
    prev, seq = first.split("\t")[1], None
    links: dict[int, Link] = {}
    for line in lines:
        number, event_digest, own = line.split("\t")
        follows = seq is None or int(number) == seq + 1
        if not follows or link(prev, int(number), event_digest) != own:
            verdict.problems.append(f"link does not follow: {stream} {number}")
            break
        seq, prev = int(number), own
        links[seq] = Link(seq, event_digest, own)
    return links


def _check_heads(text: str, chains: Mapping[str, Mapping[int, Link]], verdict: Verdict) -> None:
    days = heads.read_copy(text)
    known = {(head.stream, head.seq): head.digest for day in days for head in day.heads}
    for stream, links in chains.items():
        reached = [seq for named, seq in known if named == stream and seq in links]
        if any(links[seq].digest != known[stream, seq] for seq in reached):
            verdict.problems.append(f"not the published head: {stream}")
        (verdict.covered if reached else verdict.uncovered).append(stream)
