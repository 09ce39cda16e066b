"""Whatever a signed-in user sends to our functions, the answer is an answer and no fault of the server."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_review.patches.v15_0 import checks_in_english
from order_review.services import opinion_routing
from tests.site.samples import order_of
from tests.site.test_host_users import functions, verb_of
from tests.site.visiting import Visitor


@pytest.fixture(scope="module")
def administrator(web_address: str, logins: dict[str, dict[str, str]]) -> Visitor:
	login = logins["Order Administrator"]
	return Visitor(web_address, login["user"], login["password"])


def test_a_call_without_arguments_is_told_what_it_lacks(administrator: Visitor) -> None:
	faults = {}
	for function in functions():
		status, answer = administrator.ask(verb_of(function), function, {})
		if status >= 500:
			faults[function] = (status, answer[:300])
	assert not faults
	status, answer = administrator.get("/api/method/order_review.api.quality.get_own_errors")
	assert status == 417
	assert "doctype, name" in answer


@pytest.mark.parametrize(("lang", "said"), [("zh", "交货期"), ("en", "Delivery date")])
def test_what_a_department_judges_is_said_in_the_readers_language(
	lang: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(frappe.local, "lang", lang)
	asked: dict[str, Any] = {one.department: one for one in opinion_routing.asked(order_of("IO-01"))}
	assert asked["PLAN"].checks == said


def test_routing_that_was_there_before_gets_its_english_words() -> None:
	frappe.db.set_value("Opinion Routing", {"checks_zh": ["is", "set"]}, "checks_en", None)
	checks_in_english.execute()
	rows = frappe.get_all("Opinion Routing", ["checks_zh", "checks_en"])
	assert len(rows) > 20
	assert all(row.checks_en for row in rows)
