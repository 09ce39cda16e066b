"""Contracts, configurations and what belongs to them, committed for real requests; afterwards the tables are as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe

from order_review.constants import (
	BLIND_TRANSLATION,
	INTENT_ORDER,
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	REVIEW_SETTINGS,
	SALES_CONTRACT,
)
from order_review.services import delivery_commitment
from order_review.services.fulfilment import livery, progress
from order_review.services.quality import assessment
from tests.site import contracting, fulfilling, producing
from tests.site.reviewing import acting
from tests.site.samples import copy_of

MODULES = ("Order Review", "Contracts", "Production Entry")
TRACES = ("Comment", "Version", "File", "Notification Log", "DocShare", "ToDo", "Customer", "Price Approval")
MARK = "FREMD-7731"
"""Stands in everything of the other market department."""
BELOW_FLOOR = 825000


@dataclass(frozen=True)
class Case:
	"""Names of the prepared documents.

	Attributes:
		draft, judged, signing, signed, effective, foreign: contracts; ``judged`` is below its floor.
		drawn, auditing, released, foreign_pcf: production configurations.
	"""

	draft: str
	judged: str
	signing: str
	signed: str
	effective: str
	foreign: str
	foreign_order: str
	drawn: str
	sheet: str
	auditing: str
	released: str
	foreign_pcf: str
	assessment: str
	livery: str
	commitment: str


@contextmanager
def committed_case() -> Iterator[Case]:
	"""All of it, seen by other connections; taken away again."""
	with as_before():
		found = _made()
		frappe.db.commit()
		yield found


@contextmanager
def as_before(*doctypes: str) -> Iterator[None]:
	"""What is committed inside is undone afterwards: the contract world and the tables of further DocTypes."""
	before = rows_of([*watched(), *doctypes])
	singles = frappe.db.sql("select doctype, field, value from tabSingles")
	try:
		yield
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		_bring_back(before, singles)
		frappe.db.commit()
		frappe.clear_cache()


def watched() -> list[str]:
	"""Tables of the contract world and the traces it leaves."""
	ours = frappe.get_all("DocType", {"module": ["in", MODULES], "issingle": 0}, pluck="name")
	return sorted({*ours, *TRACES})


def rows_of(doctypes: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
	"""DocType → name → row as it is stored."""
	return {
		doctype: {row["name"]: row for row in frappe.db.sql(f"select * from `tab{doctype}`", as_dict=True)}
		for doctype in doctypes
	}


def _bring_back(before: dict[str, dict[str, dict[str, Any]]], singles: Any) -> None:
	now = rows_of(list(before))
	for doctype, rows in before.items():
		gone = [name for name in now[doctype] if name not in rows]
		if gone:
			frappe.db.delete(doctype, {"name": ["in", gone]})
		for name, row in rows.items():
			if now[doctype].get(name) != row:
				fields = ", ".join(f"`{field}`" for field in row)
				marks = ", ".join(["%s"] * len(row))
				frappe.db.sql(f"replace into `tab{doctype}` ({fields}) values ({marks})", list(row.values()))
	frappe.db.delete("Singles", {"doctype": REVIEW_SETTINGS})
	for doctype, field, value in singles:
		if doctype == REVIEW_SETTINGS:
			frappe.db.sql(
				"insert into tabSingles (doctype, field, value) values (%s, %s, %s)", (doctype, field, value)
			)


def _made() -> Case:
	contracts = [_contract() for _number in range(4)]
	_draft, judged, signing, signed = contracts
	contracting.change(judged, lines=_priced(judged, BELOW_FLOOR))
	contracting.received(judged)
	contracting.take(judged, "Send to Opinions", "OA")
	_to_signing(signing)
	_to_signing(signed)
	contracting.hand_in(signed)
	contracting.sealed(signed)
	drawn = _configuration("IO-01", blind=1)
	auditing = _configuration("IO-02", blind=0)
	released = _released()
	foreign, foreign_pcf = _foreign()
	effective = frappe.db.get_value(PRODUCTION_CONFIGURATION, drawn, "sales_contract")
	return Case(
		*contracts,
		effective=effective,
		foreign=foreign,
		foreign_order=frappe.db.get_value("Sales Contract Line", {"parent": foreign}, "intent_order"),
		drawn=drawn,
		sheet=frappe.db.get_value(BLIND_TRANSLATION, {"production_configuration": drawn}),
		auditing=auditing,
		released=released,
		foreign_pcf=foreign_pcf,
		assessment=assessment.draft_for(judged),
		livery=_livery(effective),
		commitment=delivery_commitment.request(SALES_CONTRACT, judged, 1),
	)


def _contract(**values: Any) -> str:
	"""A draft contract of a valid order of its own."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	order = copy_of("IO-01", external_id=None, market_department=south, **values).insert()
	return contracting.made(contracting.as_valid(order.name))


def _priced(name: str, price: float) -> list[dict[str, Any]]:
	return [row.as_dict() | {"unit_price": price} for row in contracting.contract(name).lines]


def _to_signing(name: str) -> None:
	contracting.approved(contracting.received(name))


def _configuration(sample: str, blind: int) -> str:
	for field, value in {
		"blind_special": 0,
		"blind_option_uses": 0,
		"blind_model_uses": blind,
		"blind_value": 0,
	}.items():
		frappe.db.set_single_value(REVIEW_SETTINGS, field, value)
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	return producing.handed_to_audit(producing.begun(sample, market_department=south))


def _released() -> str:
	sales = fulfilling.contract("SC-BYPASS-R")
	pcf = fulfilling.configuration(sales, "PCF-BYPASS-R", docstatus=1)
	return str(pcf.name)


def _foreign() -> tuple[str, str]:
	"""An order, a contract and a configuration of another market department, all with the mark."""
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	order = copy_of("IO-01", external_id=None, market_department=north).insert()
	frappe.db.set_value(INTENT_ORDER, order.name, {"title": MARK, "service_terms": MARK})
	values = {**producing.NEEDED, "market_department": north, "title": MARK, "service_terms": MARK}
	sales = fulfilling.contract("SC-BYPASS-N", **values)
	frappe.db.set_value("Sales Contract Line", {"parent": sales.name}, "intent_order", order.name)
	pcf = fulfilling.configuration(sales, "PCF-BYPASS-N", prefix=MARK, title=MARK)
	return str(sales.name), str(pcf.name)


def _livery(contract: str) -> str:
	progress.begin(contracting.contract(contract), contracting.contract(contract).lines[0])
	name = livery.of_line(contract, 1)
	with acting("LS"):
		frappe.get_doc(LIVERY_DESIGN, name).check_permission("read")
	return str(name)
