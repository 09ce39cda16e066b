"""A real contract's quality: assessed when it comes into force or is vetoed, and gone with it (DOMAIN scenario 5)."""

from __future__ import annotations

import frappe
import pytest

from order_review.constants import QUALITY_ASSESSMENT
from order_review.demo.people import address
from order_review.patches.v15_0 import evidence_in_words
from tests.site import contracting
from tests.site.reviewing import WHO, acting, give, order, step, tasks, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def assessed(contract: str) -> frappe._dict:
	"""The assessment of a contract."""
	fields = ["name", "status", "score", "grade", "is_vetoed", "sales_user", "qty", "quality_month"]
	return frappe.db.get_value(QUALITY_ASSESSMENT, {"sales_contract": contract}, fields, as_dict=True)


def test_a_contract_in_force_has_the_draft_of_its_assessment() -> None:
	name = contracting.signed("IO-01")
	assert assessed(name) is None
	contracting.pay_deposit(name)
	contracting.confirm_deposit(name)
	found = assessed(name)
	assert (found.status, found.is_vetoed, found.qty, found.sales_user) == ("Draft", 0, 10, address("SP"))
	told = {"for_user": address("OA"), "document_name": found.name}
	assert frappe.db.exists("Notification Log", told)


def test_a_vetoed_contract_scores_nothing() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-01")))
	contracting.take(name, "Veto", "OA", "VT-BUILD 无法制造")
	found = assessed(name)
	assert (found.score, found.grade, found.is_vetoed) == (0, "D", 1)


def test_evidence_a_contract_lacks_is_a_defect_of_its_first_submission() -> None:
	name = contracting.made(contracting.valid("IO-01"))
	contracting.change(name, dealer_authorisation=None)
	contracting.received(name)
	missing = [row.ref for row in contracting.contract(name).findings if row.code == "EVIDENCE_MISSING"]
	assert missing
	contracting.take(name, "Veto", "OA", "VT-OTHER 客户撤回")
	rows = frappe.get_doc(QUALITY_ASSESSMENT, assessed(name).name).defects
	[row] = [row for row in rows if row.defect == "DQ-D04"]
	assert (row.count, row.source) == (len(missing), "Automatic")
	assert f"{name}: 经销商授权书 Dealer Authorisation" in row.evidence


def test_evidence_written_with_the_name_of_a_field_is_read_in_words() -> None:
	name = contracting.received(contracting.made(contracting.valid("IO-01")))
	contracting.take(name, "Veto", "OA", "VT-OTHER 客户撤回")
	assessment = frappe.get_doc(QUALITY_ASSESSMENT, assessed(name).name)
	row = assessment.append(
		"defects",
		{"defect": "DQ-D04", "source": "Automatic", "count": 1, "evidence": f"{name}: dealer_authorisation"},
	)
	row.db_insert()
	for _again in range(2):
		evidence_in_words.execute()
		assert row.db_get("evidence") == f"{name}: 经销商授权书 Dealer Authorisation"


def test_opinions_given_before_a_veto_stand_when_it_is_lifted() -> None:
	name = to_received("IO-01")
	step(name, "Send to Opinions", "OA")
	give(name, "PLAN")
	give(name, "FIN", "Object", price_ok="Wrong", reason_code="OB-PRICE", acceptable_if="改价")
	before = order(name).review_round
	step(name, "Veto", "OA", "VT-OTHER 客户暂缓")
	step(name, "Lift Veto", "SM", "客户重新确认")
	step(name, "Send to Opinions", "OA")
	assert order(name).review_round == before
	assert sorted(tasks(name, status="Open")) == ["FIN", "TECH"]
	assert set(tasks(name, status="Answered")) == {"PLAN"}
	with acting(WHO["FIN"]):
		assert frappe.db.count("Review Task", {"reference_name": name, "status": "Void"}) == 1
