"""A reason that every act of planning takes, for tests that are about something else."""

from offices.reasons import Why

WHY = Why("instruction", "Surat edaran kepala kantor")
# The same as the officers' admin sends it.
WHY_FIELDS = {"why_reason": WHY.reason, "why_note": WHY.note}
