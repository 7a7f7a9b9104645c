"""All scenes, in their order."""

from queueing.integrity.tasks import sweep_checks
from tests.screens.scenes import citizens, counter, headquarters, rows
from tests.screens.stage import Stage


def fill(stage: Stage) -> None:
    for scene in (citizens, counter, headquarters, rows):
        scene.fill(stage)
    sweep_checks()  # the registry has answered, as it does within a minute
