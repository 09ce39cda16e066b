"""The special-option price notice as salesperson and dealer get it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from order_review.prints import render_html, render_pdf
from order_review.prints.price_notice import WORDS, document_hash, price_notice

NOTICE: dict[str, Any] = {
	"id": "SPC-2026-0044",
	"option_name": "车顶光伏板400W",
	"option_name_en": "Roof solar panel 400 W",
	"description": "车顶空调前部加装400W柔性光伏板,\n须防水IP67。",
	"model": "XQK6129GBEV",
	"model_name": "12米低入口纯电动城市客车",
	"family_name": None,
	"qty": 12,
	"intent_order": "IO-2026-00010",
	"drawing_no": "DXC-E12-2619",
	"list_price": 15300.0,
	"valid_to": "2027-01-31",
	"lead_days": 32,
	"technical_conditions": None,
	"notice_conditions": "含布线和控制器,质保两年。",
	"ccc_effect": "Extension needed",
	"grade_effect": "None",
	"sales_person": "何志强",
	"dealer": None,
	"market_department": "北方市场部",
	"company": "星桥客车",
	"released_on": "2026-11-25",
	"is_in_force": True,
}
NOT_FOR_SALES = ("cost", "floor", "markup", "supplier", "quotation")


def page(lang: str, **values: Any) -> str:
	notice = price_notice(NOTICE | values, lang, printed="订单管理员 2026-11-25 10:00")
	return render_html("price_notice.html", notice, lang)


def pdf(html: str) -> PdfReader:
	return PdfReader(io.BytesIO(render_pdf(html)))


@pytest.mark.parametrize(
	("lang", "words"),
	[
		("zh", ("特殊配置选装价通知单", "车顶光伏板400W", "须办理扩展", "含布线和控制器", "北方市场部")),
		(
			"en",
			("Special-Option Price Notice", "Roof solar panel 400 W", "extension needed", "Extra lead time"),
		),
	],
)
def test_it_says_what_it_costs_until_when_and_on_what_conditions(lang: str, words: tuple[str, ...]) -> None:
	html = page(lang)
	for text in (
		*words,
		"SPC-2026-0044",
		"15,300",
		"2027-01-31",
		"32",
		"DXC-E12-2619",
		"IO-2026-00010",
		"<svg",
	):
		assert text in html


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_has_page_numbers_and_the_hash_on_its_foot(lang: str) -> None:
	text = "".join(sheet.extract_text() for sheet in pdf(page(lang)).pages)
	short = " ".join(document_hash(NOTICE)[start : start + 4] for start in range(0, 16, 4)).upper()
	assert short in text
	assert ("第 1 页 / 共 1 页" if lang == "zh" else "Page 1 of 1") in text


def test_a_long_description_goes_on_to_the_next_page_with_the_number_on_top() -> None:
	sheets = pdf(page("zh", description="每排座椅下方加装充电座一个。\n" * 120)).pages
	assert len(sheets) > 1
	assert "SPC-2026-0044" in sheets[1].extract_text()


def test_an_english_notice_of_an_option_without_english_name_shows_the_chinese_one() -> None:
	assert "车顶光伏板400W" in page("en", option_name_en="")


def test_a_price_that_has_ended_is_marked() -> None:
	assert WORDS["no_longer"][0] in page("zh", is_in_force=False)
	assert WORDS["no_longer"][0] not in page("zh")


def test_figures_that_do_not_belong_on_it_cannot_get_on_it() -> None:
	secrets = {
		name: f"secret-{name}" for name in ("unit_cost", "cost", "floor_price", "markup_pct", "supplier")
	}
	assert page("en", **secrets) == page("en")
	assert not [
		word for word in NOT_FOR_SALES if any(word in english.lower() for _zh, english in WORDS.values())
	]


def test_what_somebody_wrote_is_shown_as_it_was_written() -> None:
	html = page("zh", description="<script>alert(1)</script>", notice_conditions="{{ 7*7 }} & <b>")
	assert "<script>" not in html
	assert "&lt;script&gt;" in html
	assert "{{ 7*7 }} &amp; &lt;b&gt;" in html


@pytest.mark.parametrize(
	"field", ["list_price", "valid_to", "lead_days", "description", "notice_conditions", "dealer"]
)
def test_the_hash_changes_with_what_is_said(field: str) -> None:
	assert document_hash(NOTICE | {field: "9"}) != document_hash(NOTICE)
