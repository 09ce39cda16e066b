"""The review sheet printed from the Desk: the right copy for the right reader, in both languages."""

from __future__ import annotations

import io

import frappe
import pytest
from pypdf import PdfReader

from order_review.api import delivery_commitment as delivery
from order_review.constants import DELIVERY_COMMITMENT
from tests.site import contracting
from tests.site.reviewing import acting, all_agree, give, order, to_opinions

INTERNAL = "Intent Order Review Sheet Internal"
PUBLIC = "Intent Order Review Sheet"


def printed(code: str, external_id: str, print_format: str, lang: str = "en") -> str:
	"""The text of the PDF a user gets."""
	name = frappe.db.get_value("Intent Order", {"external_id": external_id}, "name")
	frappe.set_user(f"{code}@review.localhost")
	frappe.local.lang = lang
	pdf = frappe.get_print("Intent Order", name, print_format, as_pdf=True, pdf_generator="weasyprint")
	return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_internal_copy_shows_the_price_box_with_floor_and_level(demo_site: str) -> None:
	text = printed("oa", "IO-01", INTERNAL)
	for figure in (
		"798,000",
		"88,200",
		"886,200",
		"34,022",
		"3,800",
		"855,978",
		"825,200",
		"848,000",
		"−0.93",
		"L1",
	):
		assert figure in text
	assert "1000010-C12-D247" in text


@pytest.mark.parametrize("print_format", [PUBLIC, INTERNAL])
@pytest.mark.parametrize("code", ["sp", "pl"])
def test_sales_and_planners_get_the_public_copy_whichever_they_ask_for(
	demo_site: str, code: str, print_format: str
) -> None:
	text = printed(code, "IO-01", print_format)
	assert "855,978" in text
	assert "825,200" not in text
	assert "1000010-C12-D247" not in text


def test_of_an_internal_order_only_cost_readers_print_the_price(demo_site: str) -> None:
	assert "636,405" in printed("fr", "IO-05", INTERNAL)
	assert "606,100" not in printed("oa", "IO-05", INTERNAL)


def test_the_sheet_is_printed_in_chinese(demo_site: str) -> None:
	text = printed("oa", "IO-07", INTERNAL, "zh")
	assert "有效意向订单评审表" in text
	assert "液力自动变速器必须选内置缓速器" in text
	assert "Automatic transmission" not in text


def test_the_internal_copy_says_why_a_department_objects_and_what_would_be_acceptable(demo_site: str) -> None:
	name = to_opinions("IO-02")
	give(name, "PRODMGT", "Object", reason_code="OB-OTHER", acceptable_if="交货推迟一周")
	for lang, said in (("en", "AcceptableIf:交货推迟一周"), ("zh", "可接受的条件:交货推迟一周")):
		text = printed("oa", "IO-02", INTERNAL, lang)
		assert said in "".join(text.split()), "lines are broken anywhere"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_customers_copy_says_that_an_objection_stands_and_not_whose(demo_site: str, lang: str) -> None:
	name = to_opinions("IO-02")
	before, after = {
		"zh": ("会签中自动检查", "会签中,有反对意见待处理"),
		"en": ("underopinionsAutomaticcheck", "underopinions,objectionopen"),
	}[lang]
	assert before in "".join(printed("oa", "IO-02", PUBLIC, lang).split())
	frappe.set_user("Administrator")
	give(name, "PRODMGT", "Object", reason_code="OB-OTHER", acceptable_if="交货推迟一周")
	text = "".join(printed("oa", "IO-02", PUBLIC, lang).split())
	assert after in text
	assert "交货推迟一周" not in text


def promised(name: str, status: str) -> None:
	"""Planning gave a date for an order."""
	with acting("OA"):
		commitment = delivery.request("Intent Order", name)
	values = {"committed_date": "2027-03-22", "status": status}
	frappe.db.set_value(DELIVERY_COMMITMENT, commitment, values)


@pytest.mark.parametrize("copy", [PUBLIC, INTERNAL])
def test_the_sheet_tells_the_date_planning_gave_and_whether_it_is_agreed(demo_site: str, copy: str) -> None:
	name = to_opinions("IO-02")
	promised(name, "Proposed")
	assert "2027-03-22(proposed,notconfirmed)" in "".join(printed("oa", "IO-02", copy).split())
	frappe.set_user("Administrator")
	frappe.db.set_value(DELIVERY_COMMITMENT, {"reference_name": name}, "status", "Accepted")
	text = "".join(printed("oa", "IO-02", copy).split())
	assert "2027-03-22" in text
	assert "proposed,notconfirmed" not in text


def passed(sample: str = "IO-11") -> str:
	"""An order that went through with a condition of the Technical Centre."""
	name = to_opinions(sample)
	condition = {
		"verdict_ccc": "Extension Needed",
		"condition_text": "CCC扩展",
		"condition_responsible": "认证科",
		"condition_before": "Contract Effective",
		"condition_due": "2027-02-01",
	}
	give(name, "TECH", "Agree With Condition", **condition)
	all_agree(name)
	contracting.make_valid(name)
	return name


@pytest.mark.parametrize("copy", [PUBLIC, INTERNAL])
def test_a_passed_order_shows_how_findings_were_settled_and_who_signed(demo_site: str, copy: str) -> None:
	name = passed()
	assert order(name).status == "Valid"
	text = "".join(printed("oa", "IO-11", copy).split())
	assert "Coveredbyacondition" in text
	assert "CCC扩展" in text
	day = str(order(name).events[-1].occurred_at)[:10]
	assert f"OrderAdministrator{day}" in text, "who made it valid signed"


def test_the_sales_copy_of_a_passed_order_has_no_empty_boxes(demo_site: str) -> None:
	passed()
	text = printed("oa", "IO-11", PUBLIC)
	assert "□" not in text
	assert "stand on the internal copy" in " ".join(text.split())
	assert "Price approver" not in text, "that a price needs an approver is told on the internal copy alone"
	assert "□" not in printed("oa", "IO-11", INTERNAL)
