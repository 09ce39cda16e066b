"""Digest of the supervisors and the report on time: what stands in them, for whom, and when they go out."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import getdate, now_datetime

from order_review.constants import INTENT_ORDER, OUTBOX_MESSAGE, REVIEW_SETTINGS
from order_review.demo.people import address
from order_review.services import digest
from tests.site.reviewing import acting, all_agree, order, ready, step, to_opinions, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture
def working_day(monkeypatch: pytest.MonkeyPatch) -> None:
	"""Today is a Monday that is worked."""
	monkeypatch.setattr(digest, "today", lambda: "2026-11-23")


def mails() -> list[str]:
	return frappe.get_all(OUTBOX_MESSAGE, {"subject": ["like", "%digest%"]}, pluck="message")


@pytest.fixture(autouse=True)
def english_supervisor() -> None:
	frappe.db.set_single_value(
		REVIEW_SETTINGS, {"digest_sent_on": "2026-01-01", "digest_frequency": "Weekly"}
	)
	frappe.db.set_value("User", address("OS"), "language", "en")
	frappe.clear_document_cache("User", address("OS"))
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)
	frappe.db.delete(OUTBOX_MESSAGE)


def test_the_supervisor_reads_load_lateness_returns_vetoes_and_what_expires(working_day: None) -> None:
	late = to_received("IO-02")
	frappe.db.set_value(INTENT_ORDER, late, {"is_overdue": 1, "due_at": now_datetime() - timedelta(days=1)})
	returned = to_received("IO-11")
	step(returned, "Return", "OA", "RT-PRICE 价格有误")
	vetoed = to_received("IO-10")
	step(vetoed, "Veto", "OA", "VT-LEGAL 客户在黑名单")
	expiring = ready("IO-03")
	frappe.db.set_value(INTENT_ORDER, expiring, {"status": "Valid", "valid_until": "2026-11-26"})
	assert digest.send_due() == 1
	text = mails()[0]
	assert "RT-PRICE: 1" in text
	assert "1 of them overdue" in text
	for name in (late, returned, vetoed, expiring):
		assert f"/app/intent-order/{name}" in text


def test_it_goes_out_once_a_day_whoever_runs_the_job(working_day: None) -> None:
	assert [digest.send_due(), digest.send_due()] == [1, 0]
	assert len(mails()) == 1


@pytest.mark.parametrize(
	("frequency", "day", "is_due"),
	[
		("Weekly", "2026-11-23", True),  # Monday
		("Weekly", "2026-11-24", False),
		("Daily", "2026-11-24", True),
		("Daily", "2026-11-28", False),  # Saturday
		("Off", "2026-11-23", False),
	],
)
def test_when_it_is_due(frequency: str, day: str, is_due: bool) -> None:
	assert digest._is_due(frequency, getdate(day)) is is_due


def test_it_is_in_the_supervisors_language(working_day: None) -> None:
	frappe.db.set_value("User", address("OS"), "language", "zh")
	frappe.clear_document_cache("User", address("OS"))
	digest.send_due()
	subjects = frappe.get_all(OUTBOX_MESSAGE, {"user": address("OS")}, pluck="subject")
	assert any("每周摘要" in subject for subject in subjects)


def test_the_report_shows_hours_of_each_side_to_those_who_see_the_order() -> None:
	name = to_opinions("IO-02")
	frappe.db.set_value(
		"Document Event",
		{"parent": name, "to_status": ["in", ("Submitted", "Received", "Under Opinions")]},
		"occurred_at",
		now_datetime() - timedelta(days=7),
	)
	with acting("OA"):
		row = next(row for row in run("Review Time Split", {})["result"] if row["name"] == name)
	assert (row["ours"], row["dealer"]) == (pytest.approx(40, abs=0.2), 0)
	assert row["ball"] == "Ours"
	assert row["total"] == row["ours"]
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(INTENT_ORDER, name, "market_department", north)
	with acting("SP"):
		assert name not in {row["name"] for row in run("Review Time Split", {})["result"]}


def test_a_finished_order_counts_no_further() -> None:
	name = to_opinions("IO-02")
	all_agree(name)
	step(name, "Veto", "OA", "VT-LEGAL 客户在黑名单")
	with acting("OS"):
		row = next(row for row in run("Review Time Split", {})["result"] if row["name"] == name)
	assert row["ball"] == "–"
	assert row["total"] < 1
	assert order(name).status == "Vetoed"
