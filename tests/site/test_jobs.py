"""Every job in the background ends with a word to who asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
import redis

from order_review.api import catalogue as catalogue_api
from order_review.api import prices as prices_api
from order_review.constants import PRODUCTION_CONFIGURATION
from order_review.demo.people import address
from order_review.services import background, catalogue_check, price_book, price_rehearsal, print_files
from order_review.services.production import configuration
from tests.site import producing
from tests.site.reviewing import acting

pytestmark = pytest.mark.usefixtures("demo_site")


def words(code: str, name: str) -> list[Any]:
	filters = {"for_user": address(code), "document_name": name}
	return frappe.get_all("Notification Log", filters, ["subject", "email_content"], order_by="creation")


def breaks(fault: type[Exception], times: int = 99) -> Callable[..., Any]:
	left = [times]

	def work(*_args: Any, **_how: Any) -> str:
		if left[0]:
			left[0] -= 1
			raise fault("broken")
		return "result"

	return work


@pytest.fixture
def ready() -> str:
	return producing.confirmed(producing.audited(producing.handed_to_audit(producing.begun("IO-01"))))


def test_a_release_in_the_background_says_that_it_is_done(ready: str) -> None:
	with acting("OS"):
		configuration.release_job(ready)
	assert "done" in words("OS", ready)[-1].subject
	assert frappe.db.get_value(PRODUCTION_CONFIGURATION, ready, "status") == "Released"


def test_with_the_queue_down_a_long_release_is_done_at_once(
	ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(configuration, "LONG", 1)
	monkeypatch.setattr(background, "get_redis_conn", breaks(redis.exceptions.ConnectionError))
	with acting("OA"):
		assert configuration.release_or_enqueue(ready)["status"] == "Released"


@pytest.mark.parametrize("fault", [TypeError, frappe.ValidationError, frappe.PermissionError])
def test_a_release_that_fails_says_so_whatever_stopped_it(
	ready: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr("order_review.services.production.erp.book", breaks(fault))
	with acting("OS"):
		configuration.release_job(ready)
	(said,) = words("OS", ready)
	assert "not done" in said.subject
	assert ("error log" in said.email_content) == (fault is TypeError)
	assert frappe.db.get_value(PRODUCTION_CONFIGURATION, ready, "status") == "Department Confirmation"


@pytest.mark.parametrize("fault", [frappe.QueryDeadlockError, frappe.QueryTimeoutError])
def test_what_the_database_broke_off_is_tried_again(
	fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(background, "_PAUSE", 0)
	assert background.attempt(breaks(fault, times=2), "x").result == "result"
	given_up = background.attempt(breaks(fault), "x")
	assert not given_up.is_done
	assert "Nothing was changed" in given_up.said


def test_a_check_of_the_catalogue_that_breaks_is_failed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(catalogue_check, "_check", breaks(KeyError))
	with acting("KM"):
		check = frappe.get_doc({"doctype": catalogue_check.CATALOGUE_CHECK}).insert()
		catalogue_check.run(check.name)
	assert frappe.db.get_value(check.doctype, check.name, "status") == "Failed"
	assert "not done" in words("KM", check.name)[-1].subject


def test_an_import_of_the_catalogue_that_breaks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(catalogue_api.catalogue_transfer, "import_archive", breaks(RuntimeError))
	with acting("KM"):
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "c.zip", "content": b"x", "is_private": 1}
		).insert()
		catalogue_api.run_import(file.name, address("KM"))
	assert "not done" in words("KM", "Catalogue Settings")[-1].subject


def test_a_price_sheet_that_is_imported_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(price_book, "apply_sheet", breaks(RuntimeError))
	with acting("MP"):
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "p.xlsx", "content": b"x", "is_private": 1}
		).insert()
		prices_api.run_import("PB-2026H2", file.name, 0, address("MP"))
	assert "not done" in words("MP", "PB-2026H2")[-1].subject


def test_a_rehearsal_that_breaks_is_failed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(price_rehearsal, "_compute", breaks(ZeroDivisionError))
	with acting("MP"):
		rehearsal = price_rehearsal.make("Price Book", "PB-2027H1", price_rehearsal.AS_IF)
		price_rehearsal.run(rehearsal.name)
	assert frappe.db.get_value(rehearsal.doctype, rehearsal.name, "status") == "Failed"
	assert "not done" in words("MP", rehearsal.name)[-1].subject


def test_sheets_that_cannot_be_printed_are_told_of(ready: str, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(print_files, "together", breaks(OSError))
	with acting("OA"):
		print_files.together_later(
			PRODUCTION_CONFIGURATION, [ready], "Production Configuration Sheet", "t", "en"
		)
	assert "not done" in words("OA", ready)[-1].subject
