"""ERPNext's and Frappe's own tests say the same on a site with the app and on one without."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

MODULES = (
	"frappe.desk.doctype.todo.test_todo",
	"frappe.tests.test_client",
	"frappe.core.doctype.file.test_file",
	"erpnext.setup.doctype.department.test_department",
	"erpnext.selling.doctype.customer.test_customer",
	"erpnext.stock.doctype.item.test_item",
	"erpnext.manufacturing.doctype.bom.test_bom",
	"erpnext.selling.doctype.sales_order.test_sales_order",
	"erpnext.accounts.doctype.payment_entry.test_payment_entry",
)
"""Tests of the DocTypes the app adds fields or rules to, and of what it overrides."""

_TEST = re.compile(r"^(?:\S+ )?(test_\w+) \(([\w.]+)\)(?:\n[^\n]*?)? \.\.\. (\w+)", re.MULTILINE)

Outcomes = dict[str, str]


@pytest.fixture(scope="module")
def on_the_site() -> None:
	"""These tests have sites of their own."""


def _outcomes(bench: Callable[..., Any], site: str) -> Outcomes:
	found: Outcomes = {}
	for module in MODULES:
		done = bench("--site", site, "run-tests", "--module", module, "--verbose", check=False)
		said = {f"{case} {name}": outcome for name, case, outcome in _TEST.findall(done.stdout + done.stderr)}
		assert said, f"{module} ran no test:\n{(done.stdout + done.stderr)[-2000:]}"
		found |= said
	return found


@pytest.mark.long
@pytest.mark.usefixtures("on_the_site")
def test_their_own_tests_say_the_same_with_the_app_and_without(
	spare_site: Callable[[str], str], bench: Callable[..., Any]
) -> None:
	without, beside = spare_site("plain.localhost"), spare_site("beside.localhost")
	bench("--site", beside, "install-app", "order_review")
	before, after = _outcomes(bench, without), _outcomes(bench, beside)
	assert len(before) > 150
	assert before.keys() == after.keys()
	changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
	assert changed == {}
