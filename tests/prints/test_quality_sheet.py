"""The monthly contract quality sheet of a salesperson, in both languages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from order_review.prints import render_html, render_pdf
from order_review.prints.quality_sheet import document_hash, quality_sheet

SCORE: dict[str, Any] = {
	"month": "2026-11",
	"kind": "Salesperson",
	"sales_person": "周敏",
	"market_department": "南方市场部",
	"score": 91.7,
	"grade": "B",
	"place": 2,
	"places": 5,
	"contracts": 3,
	"vehicles": 17,
	"weight": 17,
	"first_pass_rate": 33.3,
	"return_rate": 100.0,
	"returns": 3,
	"price_error_amount": 21500,
	"late_changes": 0,
	"vetoes": 0,
	"appeals": 1,
	"appeals_granted": 1,
	"group_b": 2,
	"group_e": 1,
	"status": "Confirmed",
}
CONTRACTS: list[dict[str, Any]] = [
	{
		"sales_contract": "SC-2026-00001",
		"customer": "甲",
		"qty": 10,
		"weight": 10,
		"score": 100,
		"grade": "A",
	},
	{
		"sales_contract": "SC-2026-00002",
		"customer": "湘水客运公司<b>",
		"assessed_on": "2026-11-20",
		"qty": 5,
		"weight": 5,
		"score": 83,
		"grade": "C",
		"defects": [
			{
				"defect": "DQ-B01",
				"name_zh": "选装价填写错误",
				"name_en": "Wrong option price",
				"counted": 2,
				"points": 12,
			},
			{
				"defect": "DQ-E01",
				"name_zh": "多次退回",
				"name_en": "Returned again",
				"counted": 1,
				"points": 5,
				"is_disputed": 1,
				"decision": "Upheld",
			},
		],
	},
]
TREND = [{"quality_month": "2026-10", "score": 88, "grade": "B", "place": 3, "places": 5}]


def page(lang: str, **values: Any) -> str:
	sheet = quality_sheet(
		SCORE | values, CONTRACTS, TREND, lang, most_weight=10, printed="市场管理员 2026-12-04"
	)
	return render_html("quality_sheet.html", sheet, lang)


def text(html: str) -> str:
	return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(render_pdf(html))).pages)


@pytest.mark.parametrize(
	("lang", "words"),
	[
		(
			"zh",
			(
				"合同质量考核表",
				"周敏",
				"91.7",
				"2 / 5",
				"选装价填写错误 × 2: −12.0",
				"申诉: 维持",
				"南方市场部",
			),
		),
		(
			"en",
			("Contract Quality Sheet", "Wrong option price × 2: −12.0", "appeal: upheld", "First-pass rate"),
		),
	],
)
def test_the_sheet_tells_score_contracts_and_defects(lang: str, words: tuple[str, ...]) -> None:
	said = text(page(lang)).replace("\n", " ")
	for word in words:
		assert word in said
	assert "2026-10" in said


def test_names_are_printed_as_they_are_written() -> None:
	assert "湘水客运公司&lt;b&gt;" in page("zh")


def test_a_vetoed_contract_says_so_and_a_clean_one_too() -> None:
	vetoed = [{**CONTRACTS[0], "is_vetoed": 1, "score": 0, "grade": "D"}]
	sheet = quality_sheet(SCORE, vetoed, [], "en", most_weight=10)
	assert "vetoed, score 0" in render_html("quality_sheet.html", sheet, "en")
	assert "no defects" in page("en")


def test_the_hash_follows_the_figures_and_not_the_language() -> None:
	assert document_hash(SCORE, CONTRACTS) == document_hash(dict(SCORE), list(CONTRACTS))
	assert document_hash(SCORE | {"score": 91.6}, CONTRACTS) != document_hash(SCORE, CONTRACTS)
