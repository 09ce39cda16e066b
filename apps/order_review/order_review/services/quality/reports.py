"""Rows of the quality reports; every one of them from what the user may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, getdate, today

from order_review.constants import QUALITY_MONTH, WORK_QUALITY
from order_review.engine import quality
from order_review.permissions import require_role
from order_review.services.quality import records, scores

LONGEST = 36
"""Months a report looks at, at most."""


def checked(report: str) -> None:
	"""Raise PermissionError unless a role of the user may run the report."""
	require_role(set(frappe.get_all("Has Role", {"parenttype": "Report", "parent": report}, pluck="role")))


def usual_month() -> str:
	"""The month a report shows unasked: the last one that was confirmed, else the present one."""
	last = frappe.get_all(
		QUALITY_MONTH, {"status": scores.CONFIRMED}, order_by="name desc", limit=1, pluck="name"
	)
	return last[0] if last else this_month()


def this_month() -> str:
	"""The present month."""
	return f"{getdate(today()):%Y-%m}"


def span(filters: dict[str, Any], last_unasked: str = "") -> tuple[str, str]:
	"""First and last month of the filters; the last confirmed month where they say nothing.

	Args:
		last_unasked: the last month where the filters name none, for reports on months that are not confirmed yet.
	"""
	given = [_month(filters.get(name)) for name in ("from_month", "to_month")]
	first = given[0] or given[1] or usual_month()
	last = given[1] or max(first, last_unasked)
	return min(first, last), max(first, last)


def _month(text: str | None) -> str | None:
	if not text:
		return None
	try:
		return f"{getdate(f'{str(text).strip()[:7]}-01'):%Y-%m}"
	except ValueError:
		frappe.throw(_("{0} is no month. Write it like 2026-11.").format(text), title=_("Quality Month"))


def months(first: str, last: str) -> Iterator[str]:
	"""The months from first to last."""
	day = getdate(f"{first}-01")
	for _number in range(LONGEST):
		if f"{day:%Y-%m}" > last:
			return
		yield f"{day:%Y-%m}"
		day = getdate(add_months(day, 1))


def score_rows(filters: dict[str, Any]) -> list[dict[str, Any]]:
	"""Month by month the figures of salespeople or departments, best first; of a confirmed month what was confirmed."""
	kind = filters.get("kind") if filters.get("kind") in scores.KINDS else "Salesperson"
	return [
		{"quality_month": month, **row} for month in months(*span(filters)) for row in _scores(month, kind)
	]


def _scores(month: str, kind: str) -> list[dict[str, Any]]:
	return (
		scores.kept(month, kind) if scores.confirmed(month) else scores.figures(month, kind, permitted=True)
	)


def _wanted(filters: dict[str, Any]) -> dict[str, Any]:
	names = ("market_department", "sales_person")
	return {name: filters[name] for name in names if filters.get(name)}


def defect_rows(filters: dict[str, Any]) -> list[dict[str, Any]]:
	"""Defects by points charged, with their shares (Pareto); of a confirmed month what was confirmed."""
	known = records.defect_rows()
	occurrences: Counter[str] = Counter()
	contracts: Counter[str] = Counter()
	points: Counter[str] = Counter()
	for month in months(*span(filters)):
		for found in _defects(month, _wanted(filters)):
			for code, (often, in_contracts, charged) in found.items():
				occurrences[code] += often
				contracts[code] += in_contracts
				points[code] += charged
	shares = quality.shares({code: int(count) for code, count in occurrences.items()})
	return [
		{
			"defect": code,
			"defect_name": records.name_of(known[code]) if code in known else "",
			"defect_group": known[code].defect_group if code in known else "",
			"occurrences": occurrences[code],
			"contracts": contracts[code],
			"points": points[code],
			"share": float(share),
			"cumulated": float(cumulated),
		}
		for code, share, cumulated in shares
	]


def _defects(month: str, wanted: dict[str, Any]) -> list[scores.Defects]:
	"""Tables of a month's defects; a month confirmed before they were written down is read from its assessments."""
	kind = "Salesperson" if wanted.get("sales_person") else "Market Department"
	kept = scores.kept_defects(month, kind, **wanted) if scores.confirmed(month) else []
	return kept or [scores.defects_of(scores.assessments(month, month, permitted=True, **wanted))]


def appeal_rows(filters: dict[str, Any]) -> list[dict[str, Any]]:
	"""Disputed rows with grounds and decision, newest first."""
	found = [
		{
			"assessment": one.name,
			"quality_month": one.quality_month,
			"sales_contract": one.sales_contract,
			"sales_person": one.sales_person,
			"market_department": one.market_department,
			"defect": row.defect,
			"defect_name": records.name_of(row),
			"count": row.count,
			"points": row.points,
			"dispute": row.dispute,
			"disputed_on": row.disputed_on,
			"decision": _(row.decision or "Open", context="Contract Quality Defect"),
			"decision_note": row.decision_note,
			"decided_by": row.decided_by,
		}
		for one in scores.assessments(*span(filters, this_month()), permitted=True, **_wanted(filters))
		for row in one.defects
		if row.is_disputed
	]
	return sorted(found, key=lambda row: str(row["disputed_on"]), reverse=True)


def work_rows(filters: dict[str, Any]) -> list[dict[str, Any]]:
	"""Work-quality records of each administrator and month: how many of each type, and points."""
	first, last = span(filters, this_month())
	found = frappe.get_list(
		WORK_QUALITY,
		filters=[["month", ">=", first], ["month", "<=", last], ["status", "=", "Recorded"]],
		fields=["user", "month", "work_quality_type", "points"],
		limit_page_length=0,
	)
	grouped: dict[tuple[str, str], dict[str, Any]] = {}
	for row in found:
		entry = grouped.setdefault(
			(row.month, row.user),
			{
				"month": row.month,
				"user": row.user,
				"full_name": frappe.utils.get_fullname(row.user),
				"records": 0,
				"points": 0,
			},
		)
		entry["records"] += 1
		entry["points"] += row.points or 0
		entry[row.work_quality_type] = entry.get(row.work_quality_type, 0) + 1
	return [grouped[key] for key in sorted(grouped, key=lambda key: (key[0], -grouped[key]["points"]))]
