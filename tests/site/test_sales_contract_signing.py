"""Signing, sealing and becoming effective: the right version, the right pages, the deposit, what was promised before."""

from __future__ import annotations

import json

import frappe
import pytest

from order_review.exceptions import ContractStepError, FieldLockedError, SelfApprovalError
from order_review.services.contracts import signing
from tests.site.contracting import (
	acting,
	approved,
	change,
	choose,
	contract,
	hand_in,
	made,
	received,
	sealed,
	signed,
	signed_copy,
	take,
	valid,
)


def refused_copy(name: str, match: str, **values: object) -> None:
	frappe.db.savepoint("copy")
	with pytest.raises(ContractStepError, match=match):
		hand_in(name, **values)
	frappe.db.rollback(save_point="copy")


# --- the signed copy ----------------------------------------------------------------------------------------


def test_the_signed_copy_is_the_version_that_was_given_out(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	version = contract(name).prints[-1]
	assert (version.version, version.pages, len(version.annex_checksum)) == (1, 2, 64)
	refused_copy(name, "has 1 pages; version 1 has 2", signed_pages=1)
	refused_copy(name, "has 3 pages", signed_file=signed_copy(name, 3))
	assert signed_copy(name, 2, is_private=0).startswith("/private/files/"), "files of contracts are private"
	refused_copy(name, "Attach the copy", signed_file="/private/files/somebody-elses.pdf")
	refused_copy(name, "of no version", signed_checksum="0123 4567 89AB CDEF")
	refused_copy(name, "has 4 signs here; the print shows 16", signed_checksum=version.annex_checksum[:4])
	refused_copy(name, "State the annex checksum", signed_checksum=None)
	refused_copy(name, "State the day", signed_on=None)
	shown = signing.grouped(version.annex_checksum)
	assert hand_in(name, signed_checksum=f" {shown.lower()} ") == "Seal Pending"


def test_an_older_version_that_was_signed_is_told_by_its_number(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	first = contract(name).prints[0].annex_checksum
	take(name, "Return", "OA", "RT-OTHER 客户改主意")
	choose(name, "SLY-1249")
	change(name, deposit_pct=10)
	with acting("SP"):
		document = contract(name)
		document.lines[0].unit_price = 856_000  # at least as near to the review price as before
		document.save()
	approved(received(name))
	assert [row.version for row in contract(name).prints] == [1, 2]
	refused_copy(name, "signed version 1 of .*; version 2 of .* is the one", signed_checksum=first[:16])
	assert hand_in(name) == "Seal Pending"


def test_the_same_content_approved_again_is_the_same_version(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	take(name, "Return", "OA", "RT-OTHER 再看一遍")
	approved(received(name))
	assert [row.version for row in contract(name).prints] == [1]


def test_another_remark_on_a_payment_is_another_version(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	take(name, "Return", "OA", "RT-OTHER 付款说明")
	payments = [row.as_dict() for row in contract(name).payments]
	payments[-1]["remark"] = "凭验收单付款"
	change(name, payments=payments)
	approved(received(name))
	document = contract(name)
	assert [row.version for row in document.prints] == [1, 2]
	assert "payments" in {row["what"]["code"] for row in frappe.parse_json(document.rounds[-1].changes)}


def test_a_contract_administrator_may_hand_in_and_others_may_not(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	with pytest.raises(FieldLockedError):
		change(name, code="OA", signed_pages=2)
	change(name, code="CA", signed_pages=2)
	with pytest.raises(FieldLockedError):
		change(name, code="CA", delivery_place="南京")


def test_what_was_approved_for_signing_is_locked(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	for values in ({"deposit_pct": 12}, {"acceptance": "另议"}):
		with pytest.raises(FieldLockedError):
			change(name, **values)
	with pytest.raises(FieldLockedError):
		choose(name, "SLY-1249")


# --- the seal -----------------------------------------------------------------------------------------------


def test_the_auditor_writes_the_seal_log_and_seals(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	hand_in(name)
	with pytest.raises(ContractStepError, match="seal log first"):
		take(name, "Seal", "AU")
	for code in ("OA", "SP", "CA"):
		with acting(code), pytest.raises(frappe.PermissionError):
			signing.log_seal(name, "HT-01", 4)
	with acting("AU"), pytest.raises(ContractStepError):
		signing.log_seal(name, " ", 0)
	assert sealed(name) == "Signed"
	row = contract(name).seals[0]
	assert (row.seal_no, row.copies, row.sealed_by, row.version) == ("HT-01", 4, "au@review.localhost", 1)
	assert row.file_checksum


def test_a_seal_is_not_put_by_who_wrote_the_contract(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	hand_in(name)
	frappe.get_doc("User", "sp@review.localhost").add_roles("Configuration Auditor")
	with acting("SP"):
		signing.log_seal(name, "HT-01", 4)
	with pytest.raises(SelfApprovalError):
		take(name, "Seal", "SP")


def test_a_refused_copy_is_handed_in_anew(demo_site: str) -> None:
	name = approved(received(made(valid("IO-01"))))
	hand_in(name)
	take(name, "Refuse Signed Copy", "AU", "第2页缺签字")
	document = contract(name)
	assert (document.status, document.signed_file, document.version) == ("Approved for Signing", None, 1)
	assert hand_in(name) == "Seal Pending"


# --- print and trail ---------------------------------------------------------------------------------------


def test_the_print_is_a_draft_until_it_is_given_out(demo_site: str) -> None:
	from order_review.services.contracts import sheet

	name = received(made(valid("IO-01")))
	assert "未批准签署" in sheet.html(contract(name), "zh")
	approved(name)
	page = sheet.html(contract(name), "zh")
	assert "未批准签署" not in page
	assert signing.grouped(contract(name).prints[-1].annex_checksum) in page
	assert "捌佰肆拾捌万元整" in page
	take(name, "Return", "OA", "RT-OTHER 再议")
	change(name, acceptance="按样车验收")
	assert "未批准签署" in sheet.html(contract(name), "zh")


def test_steps_tell_who_when_and_why(demo_site: str) -> None:
	name = signed("IO-01")
	steps_taken = [(row.to_status, row.actor.split("@")[0], row.is_system) for row in contract(name).events]
	assert steps_taken == [
		("Draft", "sp", 1),
		("Submitted", "sp", 0),
		("Received", "oa", 0),
		("Under Opinions", "oa", 0),
		("Approved for Signing", "oa", 0),
		("Seal Pending", "sp", 0),
		("Signed", "au", 0),
	]
	assert all(row.content_hash for row in contract(name).events)
	assert json.loads(contract(name).rounds[0].content)["lines"]["1"]["model"] == "XQK6128H"
