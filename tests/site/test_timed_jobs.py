"""Timed jobs over many documents: one that cannot be moved is written down and holds up none of the others."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.constants import INTENT_ORDER
from order_review.services import guard, intent_steps
from tests.site.reviewing import order
from tests.site.samples import copy_of

pytestmark = pytest.mark.usefixtures("untouched_site", "demo_site")


def valid_until_yesterday() -> str:
	name = str(copy_of("IO-01", external_id=None).insert().name)
	values = {"status": "Valid", "docstatus": 1, "valid_until": add_days(today(), -1)}
	frappe.db.set_value(INTENT_ORDER, name, values)
	return name


def test_an_order_that_cannot_expire_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
	broken, sound = valid_until_yesterday(), valid_until_yesterday()
	write = guard.write

	def fails_for_one(document: Any, values: Any, reason: str | None = None) -> None:
		write(document, values, reason)
		if document.name == broken:
			raise RuntimeError("a hook of somebody else's")

	monkeypatch.setattr(guard, "write", fails_for_one)
	intent_steps.expire_orders()
	assert (order(broken).status, order(sound).status) == ("Valid", "Expired")
	assert [row.to_status for row in order(broken).events].count("Expired") == 0
	logged = frappe.get_all("Error Log", {"method": ["like", f"%{broken}%"]}, ["error"])
	assert len(logged) == 1
	assert "a hook of somebody else's" in logged[0].error
