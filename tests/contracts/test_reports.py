"""Reports as files: what they link to is read by everybody a report is for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.contracts.wording import APP, doctypes

REPORTS = sorted(APP.glob("*/report/*/*.json"))
READERS = {
	doctype["name"]: {row["role"] for row in doctype["permissions"] if row.get("read")}
	for doctype in doctypes()
}
EVERYBODYS = {"User"}
"""DocTypes of Frappe every user of the Desk may search."""

_FILTER = re.compile(r'fieldtype: "Link", options: "([^"]+)"')
_COLUMN = re.compile(r'"Link", \d+, options="([^"]+)"|\blink\("\w+", _\("[^"]+"\), "([^"]+)"')


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_a_report_links_to_what_its_readers_may_read(report: Path) -> None:
	"""Frappe refuses the whole report where a column links to a DocType the reader has no right to."""
	roles = {row["role"] for row in json.loads(report.read_text(encoding="utf-8"))["roles"]}
	linked = set(_FILTER.findall(report.with_suffix(".js").read_text(encoding="utf-8")))
	code = report.with_suffix(".py").read_text(encoding="utf-8")
	linked |= {name for found in _COLUMN.findall(code) for name in found if name}
	for doctype in linked - EVERYBODYS:
		assert roles <= READERS.get(doctype, set()), doctype


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_a_filter_without_a_link_is_filled_by_the_server(report: Path) -> None:
	script = report.with_suffix(".js").read_text(encoding="utf-8")
	if '"Autocomplete"' in script:
		assert "fill_choices(report)" in script or "get_choices" in script
