"""Tables as CSV files that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
	"""The value; a text that a spreadsheet would take for a formula gets a quote in front."""
	if isinstance(value, str) and value.startswith(_DANGEROUS):
		return f"'{value}"
	return value


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
	"""A CSV file in UTF-8 with a byte order mark, so that Chinese opens right in spreadsheets."""
	text = io.StringIO()
	writer = csv.writer(text)
	writer.writerow([safe_cell(cell) for cell in head])
	writer.writerows([safe_cell(cell) for cell in row] for row in rows)
	return text.getvalue().encode("utf-8-sig")
