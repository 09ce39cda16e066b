"""The one diff as it is shown: rounds of intent orders, in both languages."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_review.api import review_tasks as api
from order_review.constants import SALES_CONTRACT
from order_review.engine import diff
from order_review.prints.marks import page_in
from order_review.services import diffs
from order_review.services.order_rounds import diff_rows
from tests.site import contracting
from tests.site.reviewing import acting, order, step, to_received


def changed(name: str) -> None:
	"""The order comes back and is submitted with another layout, price and delivery."""
	step(name, "Return", "OA", "RT-CONF 座位数不对")
	with acting("SP"):
		document = order(name)
		row = next(row for row in document.configuration if row.family == "SLY")
		row.vehicle_option = "SLY-1249"
		document.update({"negotiated_unit": 850_000, "requested_delivery": "2027-02-01"})
		document.save()
	step(name, "Submit for Review", "SP")


def test_a_round_tells_configuration_price_and_dates_with_their_effects(demo_site: str) -> None:
	name = to_received("IO-01")
	changed(name)
	[rows] = diff_rows(order(name)).values()
	found: dict[str, Any] = {row["what"]["code"]: row for row in rows}
	assert set(found) == {"SLY", "negotiated_unit", "requested_delivery"}
	assert found["SLY"]["price_effect"] == -1600
	assert found["negotiated_unit"]["price_effect"] == 2000
	assert found["requested_delivery"]["group"] == "dates"


def test_the_form_shows_it_in_the_readers_language(demo_site: str) -> None:
	name = to_received("IO-01")
	changed(name)
	before = frappe.local.lang
	try:
		for lang, words in (
			("zh", ("座椅布置", "49+1+1座", "洽谈单价", "原")),
			("en", ("Seat layout", "Negotiated", "Before")),
		):
			frappe.local.lang = lang
			with acting("OA"):
				[shown] = api.rounds(name)
			assert shown["round_no"] == 2
			for word in words:
				assert word in shown["html"], word
	finally:
		frappe.local.lang = before


def test_nothing_changed_is_said(demo_site: str) -> None:
	assert "Nothing differs" in diffs.html([], "en")
	assert "没有差异" in diffs.html([], "zh")


def test_text_of_users_is_escaped(demo_site: str) -> None:
	before = diff.Content(values={"terms": {"acceptance": "a"}})
	after = diff.Content(values={"terms": {"acceptance": "<script>alert(1)</script>"}})
	html = diffs.html(diffs.between(before, after), "en")
	assert "<script>" not in html


def test_lines_of_two_production_configurations_are_compared_slot_by_slot(demo_site: str) -> None:
	before = [{"slot": "SLY", "assembly_no": "7000010-C12-1251", "qty": 1}]
	after = [{"slot": "SLY", "assembly_no": "7000010-C12-1249", "qty": 1}]
	[row] = diffs.between_lines(before, after)
	assert (row["before"]["code"], row["after"]["code"]) == ("7000010-C12-1251", "7000010-C12-1249")


# --- on paper -----------------------------------------------------------------------------------------------


def printed(code: str, doctype: str, name: str, print_format: str, lang: str) -> str:
	"""The page a role gets of a print format."""
	before = frappe.local.lang
	frappe.local.lang = lang
	try:
		with acting(code):
			page = page_in(frappe.get_print(doctype, name, print_format)) or ""
			return page.partition("<body>")[2]
	finally:
		frappe.local.lang = before


@pytest.mark.parametrize("print_format", ["Intent Order Review Sheet", "Intent Order Review Sheet Internal"])
def test_both_copies_of_the_review_sheet_say_what_changed_since_the_last_round(
	demo_site: str, print_format: str
) -> None:
	name = to_received("IO-01")
	assert "or-diff" not in printed("OA", "Intent Order", name, print_format, "zh")
	changed(name)
	page = printed("OA", "Intent Order", name, print_format, "zh")
	for words in ("轮次 1 → 2", "SLY-1249", "850,000", "−1,600"):
		assert words in page, words


def test_the_internal_copy_of_a_contract_shows_differences_and_rounds_to_each_reader_what_he_may_see(
	demo_site: str,
) -> None:
	name = contracting.made(contracting.valid("IO-01"))
	contracting.choose(name, "SLY-1249")
	contracting.received(name)
	contracting.take(name, "Return", "OA", "RT-CONF 座位数不对")
	contracting.change(name, delivery_place="南京客运总站")
	contracting.received(name)
	for code, sees_production in (("OA", True), ("FR", False), ("SP", False)):
		page = printed(code, SALES_CONTRACT, name, "Sales Contract Internal Copy", "zh")
		for words in ("内部联", "SLY-1249", "第2轮", "交货地点", "南京客运总站"):
			assert words in page, (code, words)
		assert ("7000010-C12-1249" in page) == sees_production, code
		assert "825,200" not in page
	assert "or-diff" not in printed("OA", SALES_CONTRACT, name, "Sales Contract With Annex", "zh")
