"""The delivery commitment on paper: what is promised, how it came about, and what it is not yet."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from order_review.prints import render_html, render_pdf
from order_review.prints.delivery_commitment import WORDS, delivery_commitment, document_hash

SHEET: dict[str, Any] = {
	"id": "DDC-2026-00007",
	"status": "Confirmed",
	"reference_name": "IO-2026-00001",
	"reference_line": 0,
	"customer": "江州市长途汽车运输有限公司(示例)",
	"dealer": None,
	"model": "XQK6128H",
	"model_name": "12米旅游客车",
	"qty": 10,
	"market_department": "南方市场部",
	"sales_person": "周敏",
	"company": "星桥客车",
	"wish": "2027-03-01",
	"earliest": "2027-02-20",
	"committed_date": "2027-03-24",
	"days_late": 23,
	"is_over_capacity": 0,
	"reason": "车桥到货晚两周。",
	"lots": [
		{"qty": 6, "day": "2027-03-10", "week": "2027-W10", "note": None},
		{"qty": 4, "day": "2027-03-24", "week": "2027-W12", "note": "含两台双语标识"},
	],
	"proposals": [
		{
			"on": "2026-11-24 09:10",
			"by": "综合计划评审员",
			"what": "10 × 2027-03-31",
			"reason": None,
			"answer": "Declined",
			"answered_by": "业务员",
			"answer_reason": "客户清明前要车",
		},
		{
			"on": "2026-11-24 14:30",
			"by": "综合计划评审员",
			"what": "6 × 2027-03-10, 4 × 2027-03-24",
			"reason": "车桥到货晚两周。",
			"answer": "Confirmed",
			"answered_by": "综合计划评审员",
			"answer_reason": None,
		},
	],
}


def page(lang: str, **values: Any) -> str:
	sheet = delivery_commitment(SHEET | values, lang, printed="订单管理员 2026-11-25 10:00")
	return render_html("delivery_commitment.html", sheet, lang)


def text_of(html: str) -> str:
	return "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(render_pdf(html))).pages)


@pytest.mark.parametrize(
	("lang", "words"),
	[
		(
			"zh",
			("交货期确认单", "晚于客户要求 23 天", "不接受", "客户清明前要车", "已确认", "第 1 页 / 共 1 页"),
		),
		("en", ("Delivery Commitment", "23 days after the wish", "declined", "Confirmed", "Page 1 of 1")),
	],
)
def test_it_says_what_is_promised_and_how_it_came_about(lang: str, words: tuple[str, ...]) -> None:
	text = text_of(page(lang))
	for word in (*words, "DDC-2026-00007", "IO-2026-00001", "2027-W10", "2027-W12"):
		assert word in text


@pytest.mark.parametrize("status", ["Requested", "Proposed", "Accepted", "Withdrawn"])
def test_a_date_that_is_not_confirmed_is_no_promise_to_the_customer(status: str) -> None:
	assert WORDS["not_confirmed"][0] in page("zh", status=status)
	assert WORDS["not_confirmed"][0] not in page("zh")


def test_a_broken_promise_says_so() -> None:
	assert WORDS["broken"][1] in page("en", status="Broken")


def test_everything_at_once_has_no_table_of_lots() -> None:
	html = page("en", lots=[])
	assert "Delivered at one time" in html
	assert "2027-W12" not in html


def test_a_commitment_nobody_answered_yet_is_printed_without_a_date() -> None:
	html = page("zh", status="Requested", committed_date="", days_late=None, lots=[], proposals=[])
	assert WORDS["no_history"][0] in html
	assert "None" not in html


def test_what_somebody_wrote_is_shown_as_it_was_written() -> None:
	html = page("zh", reason="<script>alert(1)</script> {{ 7*7 }}")
	assert "<script>alert" not in html
	assert "{{ 7*7 }}" in html


@pytest.mark.parametrize("field", ["status", "qty", "committed_date", "lots", "reference_name"])
def test_the_hash_changes_with_what_is_promised(field: str) -> None:
	assert document_hash(SHEET | {field: "9"}) != document_hash(SHEET)
	assert document_hash(SHEET | {"sales_person": "9"}) == document_hash(SHEET)
