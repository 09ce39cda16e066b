"""The livery confirmation on paper: what the customer signs, in both languages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from order_review.prints import render_html, render_pdf
from order_review.prints.livery_confirmation import document_hash, livery_confirmation

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DESIGN: dict[str, Any] = {
	"id": "LIV-2026-0007",
	"version": 2,
	"status": "To Confirm",
	"contract": "SC-2026-00012",
	"line": 1,
	"customer": "江南旅运集团有限公司",
	"model": "XQK6128H",
	"model_name": "12米柴油旅游/公路客车",
	"qty": 10,
	"market_department": "南方市场部",
	"company": "星桥客车",
	"livery_type": "custom",
	"pattern_no": "P-018",
	"surface": "paint and film",
	"needed_by": "2026-12-05",
	"wishes": "<b>蓝色</b>斜带 & {{ 7*7 }}",
	"note": "门泵盖与车身同色",
	"confirmed_on": "2026-12-01",
	"confirmed_by": "王总",
	"colours": [{"position": "Body", "code": "RAL 9016", "name": "交通白", "remark": None}],
	"views": [
		{
			"view": "Left",
			"remark": "斜带",
			"file": "left.png",
			"picture": f"data:image/png;base64,{PIXEL}",
			"digest": "a",
		},
		{"view": "Rear", "remark": None, "file": "rear.dwg", "picture": "", "digest": "b"},
	],
}


def page(lang: str, **changes: Any) -> str:
	return render_html("livery_confirmation.html", livery_confirmation({**DESIGN, **changes}, lang), lang)


@pytest.mark.parametrize(
	("lang", "texts"),
	[
		(
			"zh",
			[
				"图案确认单",
				"待客户确认",
				"版本 2",
				"客户定制图案",
				"喷漆加贴膜",
				"车身",
				"左侧",
				"rear.dwg (见附件)",
			],
		),
		(
			"en",
			["Livery Confirmation", "TO BE CONFIRMED", "own design", "paint and film", "body", "left side"],
		),
	],
)
def test_the_customer_reads_what_is_painted(lang: str, texts: list[str]) -> None:
	shown = page(lang)
	for text in texts:
		assert text in shown
	assert "RAL 9016" in shown


def test_the_paper_says_whether_it_is_confirmed_and_by_whom_only_then() -> None:
	assert "王总" not in page("zh")
	confirmed = page("zh", status="Frozen")
	assert "客户已确认" in confirmed
	assert "王总" in confirmed
	assert "DRAFT" in page("en", status="Draft")


def test_texts_of_users_are_shown_as_they_are() -> None:
	assert "&lt;b&gt;蓝色&lt;/b&gt;斜带 &amp; {{ 7*7 }}" in page("zh")


def test_the_pdf_holds_the_picture_and_fetches_nothing() -> None:
	foreign = {**DESIGN["views"][0], "picture": "file:///etc/passwd"}
	reader = PdfReader(io.BytesIO(render_pdf(page("en"))))
	assert len(reader.pages) == 1
	assert [len(image.data) > 0 for image in reader.pages[0].images] == [True]
	other = PdfReader(io.BytesIO(render_pdf(page("en", views=[foreign]))))
	assert not list(other.pages[0].images)


def test_the_hash_follows_the_design_not_the_signature() -> None:
	first = document_hash(DESIGN)
	assert document_hash({**DESIGN, "confirmed_by": "李总", "status": "Confirmed"}) == first
	assert document_hash({**DESIGN, "version": 3}) != first
	views = [{**DESIGN["views"][0], "digest": "c"}, DESIGN["views"][1]]
	assert document_hash({**DESIGN, "views": views}) != first
