"""What the mobile app asks before anything else."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from paspor.kernel.models import PolicyValue

CONFIG = "/api/v1/config"


@pytest.fixture
def config(db: None) -> dict[str, Any]:
    response = APIClient().get(CONFIG)
    assert response.status_code == 200
    return response.json()


def test_config_says_limits_languages_and_versions(config: dict[str, Any], settings: Any) -> None:
    assert config["limits"]["people_per_booking"] == 5
    assert config["limits"]["applicants_per_account"] == 5
    assert config["limits"]["hold_minutes"] == 10
    assert config["limits"]["page_size"] == 500
    assert {"limit": "account_holds", "most": 40, "hours": 24} in config["limits"]["in_time"]
    assert {"limit": "applicants_added", "most": 15, "hours": 168} in config["limits"]["in_time"]
    assert {"limit": "kk_bookings", "most": 60, "hours": 720} in config["limits"]["in_time"]
    assert [language["code"] for language in config["languages"]] == ["id", "en"]
    assert config["minimum_app_version"] == settings.APP_MINIMUM_VERSION
    assert config["privacy_notice_version"] == settings.PRIVACY_NOTICE_VERSION
    assert abs(timezone.now() - datetime.fromisoformat(config["server_time"])).seconds < 60


def test_limits_follow_policy(db: None) -> None:
    PolicyValue.objects.create(
        key="hold_minutes", value=25, valid_from=timezone.now(), why="percobaan"
    )

    assert APIClient().get(CONFIG).json()["limits"]["hold_minutes"] == 25


def test_install_id_that_is_ours_is_kept(config: dict[str, Any]) -> None:
    ours = config["install_id"]

    again = APIClient().get(CONFIG, headers={"X-Install-Id": ours}).json()

    assert again["install_id"] == ours


def test_invented_install_id_is_replaced(config: dict[str, Any]) -> None:
    for invented in ["me", "x" * 500, config["install_id"][:-1] + "!"]:
        answer = APIClient().get(CONFIG, headers={"X-Install-Id": invented}).json()
        assert answer["install_id"] != invented


def test_config_is_not_kept_by_a_cache(db: None) -> None:
    assert "no-store" in APIClient().get(CONFIG)["Cache-Control"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_language_is_named_in_itself(db: None, language: str) -> None:
    named = APIClient().get(CONFIG, headers={"Accept-Language": language}).json()["languages"]

    assert [one["name"] for one in named] == ["Bahasa Indonesia", "English"]
