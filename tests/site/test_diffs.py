"""The one diff as it is shown: rounds of intent orders, in both languages."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.api import review_tasks as api
from order_review.engine import diff
from order_review.services import diffs
from order_review.services.order_rounds import diff_rows
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
