"""Hands on the models of the rooms, for Django; import them from their rooms."""

from queueing.booking.models import Booking, BookingEvent, BookingOrigin, Place, Referral
from queueing.desk.models import (
    DayList,
    DayMark,
    DayRecord,
    NumberCount,
    OfflineWalkIn,
    QueueNumber,
    ScreenCode,
    Sitting,
    WaitingScreen,
)
from queueing.integrity.models.appeals import Appeal
from queueing.integrity.models.cases import BulkAct, BulkItem, Case, CaseAccount, Restriction
from queueing.integrity.models.claims import IdentityClaim
from queueing.integrity.models.figures import DayFigures
from queueing.integrity.models.officers import OfficerScore
from queueing.integrity.models.scores import (
    AccountScore,
    Cluster,
    ClusterLink,
    ClusterOffice,
    ScoringRun,
)
from queueing.planning.models import NationalOrder, OrderOffice
from queueing.quota.models import Release, Seat, Slot
from queueing.watching.models import Watch

__all__ = [
    "AccountScore",
    "Appeal",
    "Booking",
    "BookingEvent",
    "BookingOrigin",
    "BulkAct",
    "BulkItem",
    "Case",
    "CaseAccount",
    "Cluster",
    "ClusterLink",
    "ClusterOffice",
    "DayFigures",
    "DayList",
    "DayMark",
    "DayRecord",
    "IdentityClaim",
    "NationalOrder",
    "NumberCount",
    "OfficerScore",
    "OfflineWalkIn",
    "OrderOffice",
    "Place",
    "QueueNumber",
    "Referral",
    "Release",
    "Restriction",
    "ScoringRun",
    "ScreenCode",
    "Seat",
    "Sitting",
    "Slot",
    "WaitingScreen",
    "Watch",
]
