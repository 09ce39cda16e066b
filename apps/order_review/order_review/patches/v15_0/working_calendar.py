"""Sites whose working day was one span, and whose sample calendar was not the official one."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.demo import ledger, places
from order_review.services import working_calendar
from order_review.setup.process_settings import process, process_values


def execute() -> None:
	"""Hours somebody set stay as one span; a site with the sample data works as the sample does now."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	sample = process_values(process())
	has_demo = ("Holiday List", process()["working_time"]["holiday_list"]) in ledger.entries()
	if settings.opinion_routing and not settings.working_spans:
		before = _span()
		usual = before in (None, ("08:30:00", "17:30:00"))
		spans = sample["working_spans"] if usual and has_demo else [_row(before)] if before else []
		settings.set("working_spans", spans)
		settings.flags.ignore_mandatory = True
		settings.save(ignore_permissions=True)
	if has_demo and not settings.extra_working_days:
		working_calendar.take_in(places.HOLIDAYS.read_bytes(), places.HOLIDAYS.name)


def _row(span: tuple[str, str]) -> dict[str, str]:
	return {"from_time": span[0], "to_time": span[1]}


def _span() -> tuple[str, str] | None:
	"""The hours the settings had in fields that are gone."""
	kept = frappe.db.get_singles_dict(REVIEW_SETTINGS)
	begin, end = (
		frappe.utils.get_time(kept[name]) if kept.get(name) else None for name in ("work_from", "work_to")
	)
	return (begin.strftime("%H:%M:%S"), end.strftime("%H:%M:%S")) if begin and end and begin < end else None
