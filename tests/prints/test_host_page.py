"""Frappe's own print pages as PDF: paper, running head and foot, and nothing that is fetched."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from order_review.prints import host_page, wkhtmltopdf
from order_review.prints.host_page import Sheet, page_pdf
from order_review.prints.marks import marked, page_in

PAGE = "<!DOCTYPE html><html><head></head><body><div class='print-format'>{}</div></body></html>"
PART = '<html><body><div class="print-format"><div class="wrapper">{}</div></div></body></html>'
NUMBERED = 'Page <span class="page"></span> of <span class="topage"></span>'


def pages(pdf: bytes) -> list[str]:
	return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_paper_and_margins_are_those_asked_for(tmp_path: Path) -> None:
	pdf = page_pdf(PAGE.format("a"), Sheet(size="A5", landscape=True), tmp_path)
	box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
	assert (round(float(box.width)), round(float(box.height))) == (595, 420)


def test_head_and_foot_stand_on_every_page_with_its_number(tmp_path: Path) -> None:
	body = "<p>text</p><p style='break-before: page'>more</p>"
	sheet = Sheet(head=PART.format("The Company"), foot=PART.format(NUMBERED))
	first, second = pages(page_pdf(PAGE.format(body), sheet, tmp_path))
	assert "The Company" in first
	assert "The Company" in second
	assert "Page 1 of 2" in first
	assert "Page 2 of 2" in second


def test_options_are_read_as_frappe_writes_them() -> None:
	given = wkhtmltopdf.options(
		["--print-media-type", "--margin-right", "15mm", "--page-size", "A4", "--orientation", "Landscape"]
	)
	sheet = wkhtmltopdf.sheet(given)
	assert given["print-media-type"] == ""
	assert (sheet.size, sheet.landscape, sheet.margins) == ("A4", True, {"right": "15mm"})


def test_bare_lengths_are_millimetres() -> None:
	assert wkhtmltopdf.sheet({"page-width": "80", "page-height": "120.5"}).size == "80mm 120.5mm"


def test_the_command_says_a_version_frappe_can_read(capsys: pytest.CaptureFixture[str]) -> None:
	assert wkhtmltopdf.main(["--version"]) == 0
	said = capsys.readouterr().out
	assert said.split(" ")[1] == "0.12.6"
	assert "qt" in said


def test_the_command_writes_the_pdf_of_a_file(tmp_path: Path) -> None:
	source, target = tmp_path / "page.html", tmp_path / "page.pdf"
	source.write_text(PAGE.format("hello"), encoding="utf-8")
	assert wkhtmltopdf.main(["--quiet", str(source), str(target)]) == 0
	assert "hello" in pages(target.read_bytes())[0]


@pytest.mark.parametrize(
	"address",
	[
		"http://127.0.0.1:1/x.png",
		"https://example.com/assets/../../secret.png",
		"file:///etc/passwd",
		"http://site.localhost/private/files/x.png",
		"http://site.localhost/files/../../site_config.json",
		"http://../files/x.png",
	],
)
def test_a_page_fetches_nothing(tmp_path: Path, address: str) -> None:
	(tmp_path / "secret.png").write_bytes(b"secret")
	(tmp_path / "site.localhost").mkdir()
	(tmp_path / "site.localhost" / "site_config.json").write_text("{}")
	with pytest.raises(ValueError, match="not fetched"):
		host_page.on_disk(tmp_path, address)


def test_style_sheets_and_public_pictures_come_from_the_sites_folder(tmp_path: Path) -> None:
	for path, content in (("assets/app/print.css", "p {}"), ("site.localhost/public/files/a.png", "png")):
		(tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
		(tmp_path / path).write_text(content)
	for address, kind in (
		("http://site.localhost:8000/assets/app/print.css", "text/css"),
		("http://site.localhost/files/a.png", "image/png"),
	):
		assert host_page.on_disk(tmp_path, address)["mime_type"] == kind


def test_our_page_survives_how_frappe_parses_it(tmp_path: Path) -> None:
	ours = (
		'<!DOCTYPE html><html lang="zh-CN"><head><style>@page { size: A5 } p > b { color: red }</style></head>'
		"<body><p>我们的 <b>&lt;页面&gt;</b></p></body></html>"
	)
	parsed = str(BeautifulSoup(PAGE.format(marked(ours)), "html5lib"))
	found = page_in(parsed)
	assert found
	assert '<html lang="zh-CN">' in found
	assert "p > b" in found
	assert "&lt;页面&gt;" in found
	pdf = PdfReader(io.BytesIO(page_pdf(parsed, Sheet(), tmp_path)))
	assert round(float(pdf.pages[0].mediabox.width)) == 420


def test_a_page_that_is_not_ours_has_no_marks() -> None:
	assert page_in(PAGE.format("text")) is None
