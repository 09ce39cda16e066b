"""What is under way for the sample contract that waits for its deposit: a livery to confirm, a part, a question."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, today
from PIL import Image, ImageDraw

from order_review.constants import (
	COORDINATION_ITEM,
	EXPEDITE_REQUEST,
	LIVERY_DESIGN,
	PRODUCTION_MILESTONE,
	SALES_CONTRACT,
)
from order_review.services.fulfilment import livery, progress

from . import ledger
from .people import address

_SIGNED = ("Signed", "Effective", "In Fulfilment")
_COLOURS = (
	{"position": "Body", "colour_code": "RAL 9016", "colour_name": "交通白 Traffic white"},
	{
		"position": "Stripe",
		"colour_code": "RAL 5005",
		"colour_name": "信号蓝 Signal blue",
		"remark": "左右对称 mirrored",
	},
	{"position": "Bumpers", "colour_code": "RAL 7016", "colour_name": "炭灰 Anthracite"},
)


def create_fulfilment() -> None:
	"""Make it where it is not there."""
	name = frappe.db.get_value(
		SALES_CONTRACT, {"name": ["in", _demo_contracts()], "status": ["in", _SIGNED]}, order_by="name"
	)
	if not name or ledger.has(LIVERY_DESIGN):
		return
	contract = frappe.get_doc(SALES_CONTRACT, name)
	progress.begin(contract, contract.lines[0])
	for milestone in frappe.get_all(PRODUCTION_MILESTONE, {"sales_contract": name}, pluck="name"):
		ledger.note_once(PRODUCTION_MILESTONE, milestone)
	_draw(str(livery.of_line(name, 1)))
	_ask(name)
	_expedite(name)


def _demo_contracts() -> list[str]:
	return [name for doctype, name in ledger.entries() if doctype == SALES_CONTRACT] or [""]


def _draw(name: str) -> None:
	"""A design the customer is asked to confirm."""
	ledger.note_once(LIVERY_DESIGN, name)
	_step(LIVERY_DESIGN, name, "Start Design", "LS")
	with _as("LS"):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{name}-left.png",
				"attached_to_doctype": LIVERY_DESIGN,
				"attached_to_name": name,
				"is_private": 1,
				"content": _picture(),
			}
		).insert()
	_change(
		LIVERY_DESIGN,
		name,
		"LS",
		livery_type="library",
		pattern_no="P-018",
		surface="paint",
		colours=list(_COLOURS),
		views=[{"view": "Left", "image": file.file_url, "remark": "右侧对称 right side mirrored"}],
		design_note="门泵盖与车身同色 Door covers in body colour",
	)
	_step(LIVERY_DESIGN, name, "Send to Customer", "LS")


def _picture() -> bytes:
	"""The left side of a coach with a stripe."""
	image = Image.new("RGB", (1200, 420), "white")
	draw = ImageDraw.Draw(image)
	draw.rounded_rectangle((60, 60, 1140, 330), 40, outline="black", width=6, fill=(246, 246, 246))
	draw.polygon([(66, 324), (480, 324), (1134, 130), (1134, 70), (900, 66)], fill=(0, 83, 135))
	for x in range(110, 1060, 160):
		draw.rounded_rectangle((x, 95, x + 130, 185), 12, fill=(60, 70, 80))
	for x in (230, 900):
		draw.ellipse((x, 285, x + 110, 395), fill="black")
		draw.ellipse((x + 32, 317, x + 78, 363), fill=(160, 160, 160))
	file = io.BytesIO()
	image.save(file, "PNG")
	return file.getvalue()


def _ask(contract: str) -> None:
	with _as("OA"):
		item = frappe.get_doc(
			{
				"doctype": COORDINATION_ITEM,
				"subject": "催收定金,收到后通知综合计划部",
				"kind": "Deposit",
				"responsible": address("SP"),
				"due_date": add_days(today(), 3),
				"reference_doctype": SALES_CONTRACT,
				"reference_name": contract,
				"contract_line": 1,
			}
		).insert()
	ledger.note(COORDINATION_ITEM, item.name)


def _expedite(contract: str) -> None:
	supplier = frappe.db.get_value("Supplier", {"name": ["in", _of_demo("Supplier")]}, order_by="name")
	if not supplier:
		return
	with _as("PL"):
		request = frappe.get_doc(
			{
				"doctype": EXPEDITE_REQUEST,
				"part": "缓速器 Retarder",
				"qty": 10,
				"reason": "供应周期长于计划 The lead time is longer than planned",
				"supplier": supplier,
				"needed_by": add_days(today(), 20),
				"sales_contract": contract,
				"contract_line": 1,
			}
		).insert()
	ledger.note(EXPEDITE_REQUEST, request.name)
	_step(EXPEDITE_REQUEST, request.name, "Send to Supplier", "SU")
	_change(
		EXPEDITE_REQUEST,
		request.name,
		"SU",
		promised_on=add_days(today(), 24),
		answered_by="刘工",
		supplier_answer="模具维修,最早第 24 天 Tool under repair",
	)
	_step(EXPEDITE_REQUEST, request.name, "Record Promise", "SU")


def _of_demo(doctype: str) -> list[str]:
	return [name for kind, name in ledger.entries() if kind == doctype] or [""]


def _change(doctype: str, name: str, code: str, **values: Any) -> Document:
	with _as(code):
		document = frappe.get_doc(doctype, name)
		document.update(values)
		return document.save()


def _step(doctype: str, name: str, action: str, code: str) -> None:
	with _as(code):
		apply_workflow(frappe.get_doc(doctype, name), action)


@contextmanager
def _as(code: str) -> Iterator[None]:
	"""Act as the sample user with a role; no letters are written."""
	before, muted = frappe.session.user, frappe.flags.mute_emails
	frappe.set_user(address(code))
	frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.flags.mute_emails = muted
