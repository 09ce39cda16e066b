"""Work-quality records of order and contract administrators: written by the system or an auditor, never edited."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import WorkflowTransitionError, apply_workflow

from order_review.constants import INTENT_ORDER, WORK_QUALITY
from order_review.demo.people import address
from order_review.exceptions import FieldLockedError, QualityError, ReasonMissingError, SelfApprovalError
from order_review.services import guard
from order_review.services.quality import work_quality
from tests.site.reviewing import acting, ready

pytestmark = pytest.mark.usefixtures("demo_site")


def written(code: str = "AU", **values: Any) -> Document:
	"""A record by hand."""
	with acting(code):
		return frappe.get_doc(
			{
				"doctype": WORK_QUALITY,
				"user": address("OA"),
				"work_quality_type": "WQ-02",
				"reference_doctype": INTENT_ORDER,
				"reference_name": ready("IO-01"),
				"note": "漏翻译后桥总成",
				**values,
			}
		).insert()


def test_an_auditor_writes_a_fault_down_with_the_points_of_the_settings() -> None:
	record = written(points=99, recorder=address("OA"), source="Automatic")
	assert (record.points, record.source, record.recorder) == (5, "Manual", address("AU"))
	assert record.type_zh == "翻译遗漏总成"
	told = {"for_user": address("OA"), "document_name": record.name}
	assert frappe.db.exists("Notification Log", told)


def test_the_system_writes_a_fault_down_once() -> None:
	fault = (address("CA"), "WQ-01", INTENT_ORDER, ready("IO-01"), "第3行总成与合同不符")
	with acting("AU"):
		name = work_quality.record(*fault)
		assert work_quality.record(*fault) == name
	record = frappe.get_doc(WORK_QUALITY, name)
	assert (record.source, record.recorder, record.points) == ("Automatic", address("AU"), 5)


@pytest.mark.parametrize(
	("values", "refusal"),
	[
		({"work_quality_type": "WQ-77"}, "no type of work quality"),
		({"user": address("SP")}, "neither order nor contract administrator"),
		({"note": ""}, "Fill in"),
		({"reference_name": None}, "Fill in"),
	],
)
def test_a_record_that_says_too_little_is_refused(values: dict[str, Any], refusal: str) -> None:
	with pytest.raises(QualityError, match=refusal):
		written(**values)


def test_nobody_judges_his_own_work_and_those_who_are_judged_do_not_record() -> None:
	frappe.get_doc("User", address("AU")).add_roles("Order Administrator")
	with pytest.raises(SelfApprovalError):
		written(user=address("AU"))
	with pytest.raises(frappe.PermissionError):
		written("CA")


def test_a_record_is_not_edited_but_made_void_with_a_reason() -> None:
	record = written()
	with acting("OS"):
		record.reload()
		record.note = "没有的事"
		with pytest.raises(FieldLockedError):
			record.save()
		with pytest.raises(ReasonMissingError):
			apply_workflow(frappe.get_doc(WORK_QUALITY, record.name), "Make Void")
		with guard.because("核实:图纸已更改"):
			apply_workflow(frappe.get_doc(WORK_QUALITY, record.name), "Make Void")
	with acting("OA"), pytest.raises((WorkflowTransitionError, frappe.PermissionError)):
		apply_workflow(frappe.get_doc(WORK_QUALITY, written().name), "Make Void")
	with pytest.raises(QualityError, match="not deleted"):
		frappe.delete_doc(WORK_QUALITY, record.name)


def test_who_is_judged_reads_his_own_records_only() -> None:
	own, other = written(), written(user=address("CA"))
	for code, sees in (("OA", {own.name}), ("CA", {other.name}), ("OS", {own.name, other.name})):
		with acting(code):
			listed = set(frappe.get_list(WORK_QUALITY, pluck="name"))
			assert listed & {own.name, other.name} == sees
			for record in (own, other):
				assert frappe.has_permission(WORK_QUALITY, "read", doc=record.name) == (record.name in sees)


def test_the_monthly_figures_count_what_stands() -> None:
	frappe.db.delete(WORK_QUALITY)
	written()
	written(work_quality_type="WQ-05", note="缓速器冲突未查出")
	void = written(note="误记")
	with acting("OS"), guard.because("误记"):
		apply_workflow(frappe.get_doc(WORK_QUALITY, void.name), "Make Void")
	with acting("OA"):
		run = frappe.get_doc("Report", "Work Quality").execute_script_report
		[row] = [row for row in run({})[1] if row["user"] == address("OA")]
	assert (row["records"], row["points"], row["WQ-02"], row["WQ-05"]) == (2, 15, 1, 1)
	with acting("SP"), pytest.raises(frappe.PermissionError):
		run({})
