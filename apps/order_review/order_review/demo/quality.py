"""A year of contract quality in the demo: months that are closed and confirmed, and one that is open."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import add_days, add_months, get_first_day, get_last_day, getdate, today

from order_review.constants import MONTHLY_SCORE, QUALITY_MONTH, WORK_QUALITY
from order_review.services import deadlines, guard
from order_review.services.quality import records, work_quality

from . import ledger
from .people import address
from .places import department

MONTHS = 6
_PEOPLE = (
	("周敏", "MARKET-S", (88.4, 90.2, 86.9, 93.1, 91.7, 94.6)),
	("何志强", "MARKET-N", (95.2, 92.8, 96.0, 97.4, 90.3, 95.8)),
)
"""Salesperson, market department and a score for each month, oldest first."""
_DEFECTS = {"DQ-B01": (1, 1, 6.0), "DQ-D01": (1, 1, 4.0)}
"""What was found in each of these months: defect → occurrences, contracts, points."""


def create_months() -> None:
	"""Closed months with scores, so that ranking and trend have something to show."""
	for index in range(MONTHS):
		day = getdate(get_first_day(add_months(today(), index - MONTHS)))
		name = f"{day:%Y-%m}"
		if not frappe.db.exists(QUALITY_MONTH, name):
			_make_month(name, day)
		_make_scores(name, index)


def _make_month(name: str, day: Any) -> None:
	month = frappe.new_doc(QUALITY_MONTH)
	last = deadlines.working_time().working_days_after(getdate(get_last_day(day)), 3)
	month.update({"month": name, "closes_after": min(getdate(last), getdate(add_days(today(), -1)))})
	guard.insert(month)
	ledger.note(QUALITY_MONTH, name)
	guard.write(month, {"status": "Closed"})  # nothing counts in it yet, so it is confirmed with that
	frappe.db.set_value(QUALITY_MONTH, name, "confirmed_by", address("MG"), update_modified=False)


def _make_scores(month: str, index: int) -> None:
	people = [person for person in _PEOPLE if frappe.db.exists("Sales Person", person[0])]
	ordered = sorted(people, key=lambda person: -person[2][index])
	for place, (person, market, marks) in enumerate(ordered, 1):
		where = department(market)
		_make_score(month, "Salesperson", person, where, marks[index], place, len(people))
		_make_score(month, "Market Department", where, where, marks[index], place, len(people))


def _make_score(month: str, kind: str, title: str, where: str, mark: float, place: int, places: int) -> None:
	if frappe.db.exists(MONTHLY_SCORE, {"quality_month": month, "kind": kind, "title": title}):
		return
	of_person = kind == "Salesperson"
	score = frappe.new_doc(MONTHLY_SCORE)
	score.update(
		{
			"quality_month": month,
			"kind": kind,
			"title": title,
			"sales_person": title if of_person else None,
			"sales_user": address("SP") if title == _PEOPLE[0][0] else None,
			"market_department": where,
			"status": "Confirmed",
			"score": mark,
			"grade": records.grade_of(mark),
			"place": place,
			"places": places,
			"contracts": 4,
			"vehicles": 23,
			"weight": 21,
			"first_pass_rate": 75,
			"return_rate": 25,
			"returns": 1,
			"group_b": 1,
			"group_d": 1,
			"defect_figures": json.dumps(_DEFECTS),
		}
	)
	guard.insert(score)
	ledger.note(MONTHLY_SCORE, score.name)


def create_work_records() -> None:
	"""Two faults an auditor wrote down."""
	orders = frappe.get_all("Intent Order", {"external_id": ["in", ["IO-01", "IO-02"]]}, pluck="name")
	for name, (code, kind, note) in zip(
		orders,
		(("CA", "WQ-02", "漏翻译一项总成(示例)"), ("OA", "WQ-03", "评审超时 6 小时(示例)")),
		strict=False,
	):
		if not frappe.db.exists(WORK_QUALITY, {"note": note}):
			ledger.note(WORK_QUALITY, work_quality.record(address(code), kind, "Intent Order", name, note))
