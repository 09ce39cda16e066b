"""Figures of a month for each salesperson and market department: score, ranking, trend."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_months, cint, getdate

from order_review.constants import MONTHLY_SCORE, QUALITY_ASSESSMENT, QUALITY_MONTH
from order_review.engine import quality
from order_review.engine.quality import Assessed
from order_review.services import guard
from order_review.services.quality import records
from order_review.services.quality.points import counted

TREND_MONTHS = 12
KINDS = {"Salesperson": "sales_person", "Market Department": "market_department"}
"""Kind of score → field of an assessment that names whose it is."""

CONFIRMED = "Confirmed"
"""Status of a month whose scores were handed over: they stand as they were confirmed."""

_KEPT = (
	"title sales_person market_department contracts vehicles score grade place places first_pass_rate return_rate returns "
	"price_error_amount late_changes vetoes appeals appeals_granted group_a group_b group_c group_d group_e"
).split()

Defects = dict[str, tuple[int, int, float]]
"""Defect → occurrences, contracts, points."""

_FIELDS = (
	"name sales_contract sales_person sales_user market_department status score grade qty returns is_vetoed "
	"price_error_amount late_changes appeals appeals_granted customer assessed_on quality_month"
).split()


def assessments(first: str, last: str, permitted: bool = False, **filters: Any) -> list[Any]:
	"""The assessments that count in these months, with their defect rows; drafts do not count.

	Args:
		permitted: only those the user may read.
	"""
	found = (frappe.get_list if permitted else frappe.get_all)(
		QUALITY_ASSESSMENT,
		filters=[
			["quality_month", ">=", first],
			["quality_month", "<=", last],
			["status", "!=", "Draft"],
			*([name, "=", value] for name, value in filters.items()),
		],
		fields=_FIELDS,
		order_by="assessed_on, name",
		limit_page_length=0,
	)
	rows = defect_rows([one.name for one in found])
	for one in found:
		one.defects = rows.get(one.name, [])
	return found


def defect_rows(names: list[str]) -> dict[str, list[Any]]:
	"""Assessment → its rows."""
	if not names:
		return {}
	found: dict[str, list[Any]] = {}
	for row in frappe.get_all(
		"Contract Quality Defect",
		filters={"parent": ["in", names], "parenttype": QUALITY_ASSESSMENT},
		fields=["*"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, []).append(row)
	return found


def figures(month: str, kind: str, permitted: bool = False) -> list[dict[str, Any]]:
	"""The month's figures of each salesperson or department, best first.

	Args:
		month: like 2026-11.
		kind: Salesperson or Market Department.
		permitted: from the assessments the user may read only.
	"""
	field = KINDS[kind]
	grouped: dict[str, list[Any]] = {}
	for one in assessments(month, month, permitted):
		if one.get(field):
			grouped.setdefault(one.get(field), []).append(one)
	found = [row for row in (_figures(rows, kind) for rows in grouped.values()) if row]
	for row, place in zip(found, quality.ranks([Decimal(str(r["score"])) for r in found]), strict=True):
		row |= {"place": place, "places": len(found)}
	return sorted(found, key=lambda row: (row["place"], row["title"]))


def confirmed(month: str) -> bool:
	"""Whether the month's scores were handed over."""
	return bool(frappe.db.get_value(QUALITY_MONTH, month, "status") == CONFIRMED)


def kept(month: str, kind: str) -> list[dict[str, Any]]:
	"""The figures of a month as they were confirmed, best first, as far as the user may read them."""
	return list(
		frappe.get_list(
			MONTHLY_SCORE,
			filters={"quality_month": month, "kind": kind},
			fields=_KEPT,
			order_by="place, title",
			limit_page_length=0,
		)
	)


def kept_defects(month: str, kind: str, **filters: Any) -> list[Defects]:
	"""The defects written down with a month's scores, one table for each; empty where none were written."""
	rows = frappe.get_list(
		MONTHLY_SCORE,
		filters={"quality_month": month, "kind": kind, **filters},
		pluck="defect_figures",
		limit_page_length=0,
	)
	return [{code: tuple(said) for code, said in json.loads(row).items()} for row in rows if row]


def defects_of(found: Iterable[Any]) -> Defects:
	"""What assessments charge: each defect with its occurrences, the contracts that have it, and the points."""
	occurrences: Counter[str] = Counter()
	contracts: Counter[str] = Counter()
	points: Counter[str] = Counter()
	for one in found:
		charged = [row for row in one.defects if counted(row)]
		for row in charged:
			occurrences[row.defect] += counted(row)
			points[row.defect] += row.points
		contracts.update({row.defect for row in charged})
	return {code: (count, contracts[code], float(points[code])) for code, count in occurrences.items()}


def _figures(rows: list[Any], kind: str) -> dict[str, Any] | None:
	contracts = [_assessed(one) for one in rows]
	month = quality.month(contracts)
	if month is None:
		return None
	groups = quality.by_group(records.defects(), contracts)
	last = rows[-1]
	return {
		"kind": kind,
		"title": last.get(KINDS[kind]),
		"sales_person": last.sales_person if kind == "Salesperson" else None,
		"sales_user": last.sales_user if kind == "Salesperson" else None,
		"market_department": last.market_department,
		"contracts": len({one.sales_contract for one in rows}),
		"vehicles": month.vehicles,
		"weight": month.weight,
		"score": float(month.score),
		"grade": records.grade_of(float(month.score)),
		"first_pass_rate": float(month.first_pass_rate),
		"return_rate": float(month.return_rate),
		"returns": month.returns,
		"price_error_amount": sum(one.price_error_amount or 0 for one in rows),
		"late_changes": sum(cint(one.late_changes) for one in rows),
		"vetoes": sum(cint(one.is_vetoed) for one in rows),
		"appeals": sum(cint(one.appeals) for one in rows),
		"appeals_granted": sum(cint(one.appeals_granted) for one in rows),
		**{f"group_{group.lower()}": groups.get(group, 0) for group in "ABCDE"},
		"defect_figures": json.dumps(defects_of(rows)),
	}


def _assessed(one: Any) -> Assessed:
	counts: Counter[str] = Counter()
	for row in one.defects:
		counts[row.defect] += counted(row)
	return Assessed(Decimal(str(one.score or 0)), cint(one.qty), cint(one.returns), counts)


def write(month: Document) -> None:
	"""Write the month's scores down, in place of those that stand there."""
	kept = {
		(row.kind, row.title): row.name
		for row in frappe.get_all(
			MONTHLY_SCORE, filters={"quality_month": month.name}, fields=["name", "kind", "title"]
		)
	}
	for kind in KINDS:
		for row in figures(month.name, kind):
			_write(month, row, kept.pop((kind, row["title"]), None))
	for name in kept.values():
		frappe.delete_doc(MONTHLY_SCORE, name, force=True, ignore_permissions=True)


def _write(month: Document, values: dict[str, Any], name: str | None) -> None:
	values = {**values, "quality_month": month.name, "status": month.status}
	if name:
		guard.write(frappe.get_doc(MONTHLY_SCORE, name), values)
		return
	score = frappe.new_doc(MONTHLY_SCORE)
	score.update(values)
	guard.insert(score)


def trend(score: Document) -> list[dict[str, Any]]:
	"""The scores of the same salesperson or department in the last twelve months, oldest first; gaps are left out."""
	first = getdate(add_months(f"{score.quality_month}-01", 1 - TREND_MONTHS))
	return frappe.get_all(
		MONTHLY_SCORE,
		filters=[
			["kind", "=", score.kind],
			["title", "=", score.title],
			["quality_month", ">=", f"{first:%Y-%m}"],
			["quality_month", "<=", score.quality_month],
		],
		fields=["quality_month", "score", "grade", "contracts", "place", "places"],
		order_by="quality_month",
	)
