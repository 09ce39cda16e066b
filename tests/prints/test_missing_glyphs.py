"""Characters no font of the machine has are told on the sheet; nobody has to guess what a box stands for."""

from __future__ import annotations

import io

from pypdf import PdfReader

from order_review.prints.pdf import written

NOWHERE = "\U0001e900\U0001e901"  # Adlam, which no machine of ours has a font for


def text_of(content: bytes) -> str:
	return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_name_without_glyphs_is_marked_and_named() -> None:
	text = text_of(written(f"<html><body><p>Customer {NOWHERE} Ltd, 客车</p></body></html>"))
	assert "Customer [?] Ltd" in text
	assert "U+1E900, U+1E901" in text


def test_a_sheet_whose_characters_are_there_says_nothing() -> None:
	text = text_of(written("<html><body><p>江南旅运集团 Ltd</p></body></html>"))
	assert "[?]" not in text
	assert "U+" not in text
