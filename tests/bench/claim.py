"""The limit below us: pgbench calls the claim function as Django does, and nothing else.

Without prepared statements, which Django does not use either.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from urllib.parse import unquote, urlsplit

from django.db import connections

from tests.bench import checks, plans
from tests.bench.crowd import at
from tests.bench.load import Result
from tests.bench.stage import Stage

CLIENTS = 32
WITHOUT_PGBENCH = "pgbench was not found, so the row claim is left out: apt-get install postgresql"
WISHES = """
CREATE TABLE bench_wish (
    id bigserial PRIMARY KEY, code text, account bigint, slot bigint, applicant bigint,
    device text, address inet);
GRANT SELECT ON bench_wish TO PUBLIC;
GRANT USAGE ON SEQUENCE bench_wish_id_seq TO PUBLIC;
"""
FILL = """
INSERT INTO bench_wish (id, code, account, slot, applicant, device, address)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::text[], %s::inet[])
"""
CLAIM = """
SELECT booked.outcome FROM bench_wish wish CROSS JOIN LATERAL queueing_book(
    p_code => wish.code, p_account => wish.account, p_slot => wish.slot,
    p_channel => 'ONLINE', p_applicants => ARRAY[wish.applicant], p_kinds => ARRAY['NEW'],
    p_types => ARRAY['REGULAR'], p_entitlements => ARRAY[''], p_old_passports => ARRAY[''],
    p_parents => ARRAY[''], p_confirm => true, p_hold_minutes => 10, p_return_minutes => 30,
    p_cutoff_minutes => 60, p_max_live => 5, p_actor_kind => 'CITIZEN',
    p_actor => wish.account, p_reason => '', p_device => wish.device, p_address => wish.address,
    p_checked => NULL, p_at => NULL) AS booked
WHERE wish.id = (SELECT nextval('bench_wish_id_seq'));
"""


def is_here() -> bool:
    return shutil.which("pgbench") is not None


def run(stage: Stage) -> Result:
    mark, _now = checks.last_booking()
    count = _fill(stage)
    clients = min(CLIENTS, count)
    script = stage.folder / "claim.sql"
    script.write_text(CLAIM)
    log = stage.folder / f"claim-{mark}-log"
    words = ["pgbench", "-n", "-M", "simple", f"-c{clients}", "-j2", f"-t{count // clients}"]
    words += ["-f", str(script), "-l", f"--log-prefix={log}"]
    done = subprocess.run(
        words, env=_where(stage), capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
    # The third word of a line is how many microseconds the transaction took.
    took = sorted(
        int(line.split()[2]) / 1000
        for path in stage.folder.glob(f"{log.name}*")
        for line in path.read_text().splitlines()
    )
    per_second = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])
    booked = checks.booked(mark)
    return Result(
        seconds=booked / per_second,
        told=Counter({"201": booked}),
        codes=[],
        cut_off=0,
        p50_ms=at(took, 0.50),
        p99_ms=at(took, 0.99),
        generator="pgbench",
    )


def _fill(stage: Stage) -> int:
    rows = [
        (n, f"C{home.account:07}", home.account, hour.pk, home.people[0][0])
        + (home.install_id.partition(":")[0], home.address)
        for n, (home, hour) in enumerate(plans.spread(stage.town), start=1)
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute(WISHES)
        cursor.execute(FILL, [list(column) for column in zip(*rows, strict=True)])
        cursor.execute("ANALYZE bench_wish")
    return len(rows)


def _where(stage: Stage) -> dict[str, str]:
    """By the environment: every user can read the password on a command line."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": stage.database,
    }
