"""Every page of the portal, by who reads it."""

from tests.screens.lists import (
    account,
    citizens,
    counter,
    edges,
    headquarters,
    office_admin,
    planner,
)

GROUPS = (
    citizens.GROUP,
    account.GROUP,
    counter.GROUP,
    planner.GROUP,
    headquarters.GROUP,
    office_admin.GROUP,
    edges.GROUP,
)
