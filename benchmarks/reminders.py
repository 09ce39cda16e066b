"""The job of every quarter of an hour over 2,000 open review tasks, all of them late, in one transaction that is undone.

Call it with a site that has Order Review and its demo data::

    env/bin/python benchmarks/reminders.py --site review.localhost

Exit 1 when the job takes longer than its limit.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import frappe
from _on_site import measured
from frappe.utils import now_datetime

TASKS = 2_000
LIMIT_SECONDS = 10.0
DEPARTMENTS = {
	"TECH": "Technical Reviewer",
	"PLAN": "Planning Reviewer",
	"FIN": "Finance Reviewer",
	"QA": "Quality Reviewer",
}


def main() -> int:
	"""Make the tasks, run the job, print, undo."""
	return measured(__doc__ or "", measure, "tasks", TASKS)


def measure(count: int) -> int:
	"""Print the seconds of the first run, which tells of everything, and of one that has nothing to tell."""
	from order_review.services import reminders

	make_tasks(count)
	seconds = []
	for run in ("all tasks late, nobody told", "nothing new to tell"):
		start = time.perf_counter()
		told = reminders.run()
		seconds.append(time.perf_counter() - start)
		print(f"{run:<30}{told:>8} told{seconds[-1]:>9.2f} s")
	notices = frappe.db.count(
		"Notification Log", {"document_type": "Review Task", "document_name": ["like", "RT-BENCH%"]}
	)
	print(
		f"{notices} notices; the limit is {LIMIT_SECONDS:.0f} s: {'kept' if max(seconds) <= LIMIT_SECONDS else 'MISSED'}."
	)
	return int(max(seconds) > LIMIT_SECONDS)


def make_tasks(count: int) -> None:
	"""Open tasks of a month ago, spread over four departments."""
	order = frappe.db.get_value("Intent Order", {}, "name")
	now, began = now_datetime(), now_datetime() - timedelta(days=30)
	departments = list(DEPARTMENTS.items())
	rows = []
	for number in range(count):
		department, role = departments[number % len(departments)]
		rows.append(
			{
				"name": f"RT-BENCH-{number:06}",
				"title": f"{department} · {order}",
				"reference_doctype": "Intent Order",
				"reference_name": order,
				"process_name": "intent",
				"review_round": 1,
				"status": "Open",
				"department": department,
				"role": role,
				"is_required": 1,
				"received_at": began + timedelta(minutes=number),
				"due_at": began + timedelta(days=2),
				"hours_allowed": 8,
				"creation": now,
				"modified": now,
				"owner": "Administrator",
				"modified_by": "Administrator",
			}
		)
	frappe.db.bulk_insert("Review Task", list(rows[0]), [tuple(row.values()) for row in rows])


if __name__ == "__main__":
	sys.exit(main())
