"""The price notice of a special option: its content, its print, and telling salesperson, dealer and the next to act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import (
	escape_html,
	fmt_money,
	formatdate,
	get_datetime,
	get_url_to_form,
	getdate,
	now_datetime,
	today,
)
from frappe.utils.user import get_users_with_role

from order_review.constants import SPECIAL_REQUEST
from order_review.exceptions import SpecialOptionError
from order_review.prints import render_html, render_pdf
from order_review.prints.price_notice import price_notice
from order_review.services import catalogue_store, desk_notice, print_pdf

PRICED = frozenset({"Priced", "Expired", "Catalogued"})

_OF_THE_PRICE = ("list_price", "valid_to", "lead_days", "notice_conditions", "released_on")
"""What a notice says of a price; nothing of it stands on the print of a request without one."""

NEXT_TO_ACT = {
	"Requested": "Order Administrator",
	"Technical": "Technical Reviewer",
	"Costing": "Supply Reviewer",
	"Pricing": "Marketing Planner",
	"Finance Check": "Finance Reviewer",
}
"""Status → role of those who act in it."""


# --- print --------------------------------------------------------------------------------------------------


def html(request: Document, lang: str) -> str:
	"""The notice as a whole HTML page, in zh or en.

	Raises:
		SpecialOptionError: the request has no released price.
	"""
	if request.status not in PRICED:
		frappe.throw(
			_("{0} is {1}: there is no price to give notice of.").format(
				request.name, _(request.status, context=request.doctype)
			),
			title=_("Price Notice"),
			exc=SpecialOptionError,
		)
	return _html(request, content(request, lang), lang)


def special_option_notice(request: Document) -> str:
	"""The notice for the print format, in the language that is printed; before there is a price, the request itself."""
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	if request.status in PRICED:
		return print_pdf.marked(html(request, lang))
	asked = {**content(request, lang), **dict.fromkeys(_OF_THE_PRICE), "is_in_force": False}
	return print_pdf.marked(_html(request, asked, lang, priced=False))


def _html(request: Document, said: dict[str, Any], lang: str, *, priced: bool = True) -> str:
	context = price_notice(
		said,
		lang,
		priced=priced,
		printed=f"{frappe.utils.get_fullname()} {now_datetime():%Y-%m-%d %H:%M}",
		verify_url=get_url_to_form(SPECIAL_REQUEST, request.name),
	)
	return render_html("price_notice.html", context, lang)


def pdf(request: Document, lang: str) -> bytes:
	"""The notice as a PDF."""
	return render_pdf(html(request, lang))


def content(request: Document, lang: str) -> dict[str, Any]:
	"""What the notice says: an allow-list of the request's fields, nothing of its costs."""
	catalogue = catalogue_store.current()
	model, family = catalogue.models.get(request.model), catalogue.families.get(request.family)
	of_language = "name_zh" if lang == "zh" else "name_en"
	department = _department(request.market_department, lang)
	plain = (
		"option_name option_name_en description model qty intent_order drawing_no list_price lead_days "
		"technical_conditions notice_conditions ccc_effect grade_effect sales_person dealer company"
	).split()
	return {
		"id": request.name,
		**{name: request.get(name) for name in plain},
		"model_name": getattr(model, of_language, ""),
		"family_name": getattr(family, of_language, ""),
		"market_department": department,
		"valid_to": str(request.valid_to or ""),
		"released_on": _released_on(request),
		"is_in_force": request.status == "Priced" and getdate(request.valid_to) >= getdate(today()),
	}


def _department(name: str | None, lang: str) -> str:
	if not name:
		return ""
	chinese, english = frappe.db.get_value("Department", name, ["department_name", "department_name_en"]) or (
		"",
		"",
	)
	return (english if lang == "en" else chinese) or chinese or name


def _released_on(request: Document) -> str:
	released = [row.occurred_at for row in request.events if row.to_status == "Priced"]
	return get_datetime(released[-1]).strftime("%Y-%m-%d") if released else ""


# --- telling ------------------------------------------------------------------------------------------------


def send(request: Document) -> None:
	"""Tell salesperson and dealer the released price: in the Desk, and by e-mail through the queue of this transaction."""
	addressees = recipients(request)
	for user in sorted(addressees):
		lang = _language(user)
		desk_notice.post(user, request, _subject(request, lang), _body(request, lang))
	frappe.db.set_value(
		SPECIAL_REQUEST, request.name, "notice_sent_on", now_datetime(), update_modified=False
	)
	_mail(
		request,
		{user: frappe.db.get_value("User", user, "email") for user in addressees} | dealer_addresses(request),
	)


def recipients(request: Document) -> set[str]:
	"""Users the price is told to: who asked, the salesperson, and the dealer's users."""
	users = {request.owner}
	if request.intent_order:
		users.add(frappe.db.get_value("Intent Order", request.intent_order, "owner"))
	employee = request.sales_person and frappe.db.get_value("Sales Person", request.sales_person, "employee")
	if employee:
		users.add(frappe.db.get_value("Employee", employee, "user_id"))
	users |= {contact.user for contact in _dealer_contacts(request)}
	return {user for user in users if user and user not in frappe.STANDARD_USERS and _is_enabled(user)}


def dealer_addresses(request: Document) -> dict[str, str]:
	"""E-mail addresses of the dealer's contacts, by contact."""
	return {contact.name: contact.email_id for contact in _dealer_contacts(request) if contact.email_id}


def _dealer_contacts(request: Document) -> list[Any]:
	if not request.dealer:
		return []
	links = {"link_doctype": "Sales Partner", "link_name": request.dealer, "parenttype": "Contact"}
	names = frappe.get_all("Dynamic Link", filters=links, pluck="parent")
	return (
		frappe.get_all("Contact", filters={"name": ["in", names]}, fields=["name", "user", "email_id"])
		if names
		else []
	)


def _mail(request: Document, addresses: dict[str, str | None]) -> None:
	"""One letter for each address; a site without an outgoing account says so in the request's history."""
	wanted = {address: who for who, address in addresses.items() if address}
	if not wanted or frappe.are_emails_muted():
		return
	if not EmailAccount.find_outgoing():
		request.add_comment("Info", _("No e-mail was sent: the site has no outgoing e-mail account."))
		return
	for address, who in wanted.items():
		lang = _language(who)
		frappe.sendmail(
			recipients=[address],
			subject=_subject(request, lang),
			message=_body(request, lang),
			reference_doctype=SPECIAL_REQUEST,
			reference_name=request.name,
			delayed=True,
			add_unsubscribe_link=0,
		)


def tell_next(request: Document) -> None:
	"""Tell those who act next that the request has come to them."""
	role = NEXT_TO_ACT.get(request.status)
	for user in sorted(_users_of(role)) if role else ():
		lang = _language(user)
		subject = _("{0} {1}: {2} is yours to do.", lang).format(
			request.name, escape_html(request.option_name), _(request.status, lang, context=request.doctype)
		)
		due = _("Due {0}.", lang).format(request.due_at) if request.due_at else ""
		desk_notice.post(user, request, subject, due)


def tell_refused(request: Document) -> None:
	"""Tell those who wait for the price that there will be none, and why."""
	for user in sorted(recipients(request) - {frappe.session.user}):
		lang = _language(user)
		subject = _("{0} {1} was refused.", lang).format(request.name, escape_html(request.option_name))
		desk_notice.post(user, request, subject, escape_html(request.events[-1].reason or ""))


def _users_of(role: str) -> Iterable[str]:
	return (
		user
		for user in get_users_with_role(role)
		if user != frappe.session.user and user not in frappe.STANDARD_USERS
	)


def _subject(request: Document, lang: str) -> str:
	return _("Price notice {0}: {1}", lang).format(request.name, escape_html(request.option_name))


def _body(request: Document, lang: str) -> str:
	"""The notice as a short table; plain facts, escaped."""
	rows = [
		(_("Special Option", lang), request.option_name),
		(_("Vehicle Model", lang), request.model),
		(_("List Price per Vehicle", lang), fmt_money(request.list_price, currency=_currency(request))),
		(_("Price Valid To", lang), formatdate(request.valid_to, "yyyy-MM-dd")),
		(_("Extra Lead Days", lang), request.lead_days or 0),
		(_("Conditions on the Notice", lang), request.notice_conditions or "–"),
		(_("Intent Order", lang), request.intent_order or "–"),
	]
	cells = "".join(
		f"<tr><td>{escape_html(label)}</td><td>{escape_html(str(value))}</td></tr>" for label, value in rows
	)
	return f"<table>{cells}</table>"


def _currency(request: Document) -> str:
	return frappe.get_cached_value("Company", request.company, "default_currency") or "CNY"


def _language(user: str) -> str:
	return frappe.db.get_value("User", user, "language") or frappe.db.get_default("lang") or "en"


def _is_enabled(user: str) -> bool:
	return bool(frappe.db.get_value("User", user, "enabled"))
