"""Django looks here for the admins of an app; those of queueing are in its rooms."""

from queueing.desk import admin as admin
from queueing.integrity import admin as integrity_admin  # noqa: F401  # registers itself
from queueing.planning import admin as planning_admin  # noqa: F401  # registers itself
