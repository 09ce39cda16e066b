"""What the app adds to the Desk's start costs a cached start next to nothing."""

from __future__ import annotations

import copy
from typing import Any

import frappe
import pytest
from frappe.boot import get_bootinfo

from tests.site.samples import as_user


@pytest.mark.parametrize("user", ["oa", "sp", "vp"])
def test_a_cached_start_asks_the_database_nothing_for_us(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
	as_user(user)
	monkeypatch.setattr(frappe.local, "request", None, raising=False)
	boot = get_bootinfo()
	cached = copy.deepcopy(boot)  # Frappe keeps it before the hooks, and calls them for each start
	hooks = [hook for hook in frappe.get_hooks("extend_bootinfo") if hook.startswith("order_review.")]
	for hook in hooks:
		frappe.get_attr(hook)(bootinfo=boot)
	asked: list[Any] = []
	plain = frappe.db.sql
	monkeypatch.setattr(frappe.db, "sql", lambda *args, **more: asked.append(args) or plain(*args, **more))
	for hook in hooks:
		frappe.get_attr(hook)(bootinfo=cached)
	assert asked == []
