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

_FAULT = re.compile(r"^(FAIL|ERROR): (\S+ \([\w.]+\))", re.MULTILINE)
_RAN = re.compile(r"^Ran (\d+) tests?", re.MULTILINE)

Outcome = tuple[int, list[tuple[str, str]]]
"""How many tests ran, and which of them failed."""


@pytest.fixture(scope="module")
def on_the_site() -> None:
	"""These tests have sites of their own."""


def _outcomes(bench: Callable[..., Any], site: str) -> dict[str, Outcome]:
	found: dict[str, Outcome] = {}
	for module in MODULES:
		done = bench("--site", site, "run-tests", "--module", module, check=False)
		said = done.stdout + done.stderr
		ran = _RAN.search(said)
		assert ran, f"{module} ran no test:\n{said[-2000:]}"
		found[module] = int(ran.group(1)), sorted(_FAULT.findall(said))
	return found


@pytest.mark.long
@pytest.mark.usefixtures("on_the_site")
def test_their_own_tests_say_the_same_with_the_app_and_without(
	spare_site: Callable[[str], str], bench: Callable[..., Any]
) -> None:
	without, beside = spare_site("plain.localhost"), spare_site("beside.localhost")
	bench("--site", beside, "install-app", "order_review")
	before, after = _outcomes(bench, without), _outcomes(bench, beside)
	assert sum(number for number, _faults in before.values()) > 150
	assert before == after
