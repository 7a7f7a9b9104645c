"""Django looks here for the admins of an app; those of queueing are in its rooms."""

from queueing.desk import admin as admin
