"""The dealers' portal over real HTTP: a dealer reads his own orders and contracts, and nothing else of anything."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import frappe
import pytest
from frappe.utils.password import update_password
from markupsafe import escape

from order_review.constants import (
	DEALER_ORGANISATION,
	DELIVERY_COMMITMENT,
	INTENT_ORDER,
	REVIEW_TASK,
	SALES_CONTRACT,
)
from order_review.demo.people import DEALER
from order_review.engine import diff
from order_review.services.portal import changes, detail, listing, partners
from tests.site import contracting
from tests.site.contracts_case import as_before
from tests.site.reviewing import acting, order, step
from tests.site.samples import as_user, choose, copy_of
from tests.site.visiting import Visitor

OTHER_DEALER = "西南星桥客车销售有限公司(示例)"
PASSWORD = "Portal-2026"
MARKUP = "<script>alert(1)</script><b>粗</b>{{ 7*7 }}"
MARK = "INTERN-4471"
"""Stands in everything a dealer must not see."""

SECRETS = (
	MARK,
	"825200",
	"825,200",
	"825 200",
	"855978",
	"855,978",
	"-0.93",
	"−0.93",
	"floor",
	"底价",
	"L1",
	"Traceback",
)
"""Floor and review price of the order, its deviation, its level, and what is said inside the house."""


@dataclass(frozen=True)
class World:
	"""Names of the prepared documents: the dealer's own, another dealer's, and one that is still being written."""

	order: str
	contract: str
	foreign_order: str
	foreign_contract: str
	draft: str


def _user(address: str, roles: tuple[str, ...] = ()) -> None:
	before, frappe.flags.in_install = frappe.flags.in_install, True  # no contact made by a job after us
	try:
		frappe.get_doc(
			{
				"doctype": "User",
				"email": address,
				"first_name": address,
				"user_type": "Website User",
				"send_welcome_email": 0,
				"roles": [{"role": role} for role in roles],
			}
		).insert(ignore_permissions=True)
	finally:
		frappe.flags.in_install = before
	update_password(address, PASSWORD)


def granted(dealer: str, *users: str) -> Any:
	"""An organisation of a dealer with these users."""
	members = [{"user": user, "position": "Sales"} for user in users]
	values = {"organisation_name": dealer, "sales_partner": dealer, "members": members}
	return frappe.get_doc({"doctype": DEALER_ORGANISATION, **values}).insert()


def _linked(user: str) -> None:
	"""All that grants something in ERPNext's own portal: a contact's links, and a customer's list of users."""
	contact = frappe.get_doc("Contact", {"user": user})
	contact.append("links", {"link_doctype": "Sales Partner", "link_name": DEALER})
	contact.save(ignore_permissions=True)


def _two_rounds(**values: Any) -> str:
	"""An order that came back once and was handed in again with another seat layout; marks in what is internal."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	made = copy_of("IO-01", external_id=None, market_department=south, **values)
	with acting("SP"):
		name = str(made.insert().name)
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Return", "OA", f"RT-CONF {MARK}")
	with acting("SP"):
		document = order(name)
		choose(document, "SLY-1249")
		document.update({"negotiated_unit": 847_000, "sales_person": document.sales_person})
		document.save()
	step(name, "Submit for Review", "SP")
	step(name, "Receive", "OA")
	step(name, "Send to Opinions", "OA")
	frappe.db.set_value(INTENT_ORDER, name, {"stop_reason": MARK, "title": MARK})
	frappe.db.set_value(REVIEW_TASK, {"reference_name": name}, "note", MARK)
	order(name).add_comment("Comment", MARK)
	return name


def _contract(**values: Any) -> str:
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	made = copy_of("IO-01", external_id=None, market_department=south, **values).insert()
	name = contracting.made(contracting.as_valid(str(made.name)))
	contracting.choose(name, "SLY-1249")
	contracting.received(name)
	frappe.db.set_value(SALES_CONTRACT, name, {"stop_reason": MARK, "title": MARK, "delivery_place": MARKUP})
	for rows, field in (("Line", "seat_plan"), ("Option", "remark")):
		frappe.db.set_value(f"Sales Contract {rows}", {"parent": name}, field, MARKUP)  # as no save cleans it
	for number, (code, message) in enumerate((("AUTHORITY_EXCEEDED", MARK), ("LIVERY_MISSING", MARKUP)), 90):
		row = {"parent": name, "parenttype": SALES_CONTRACT, "parentfield": "findings", "idx": number}
		said = {"code": code, "message_zh": message, "message_en": message}
		frappe.get_doc({"doctype": "Sales Contract Finding", **row, **said}).db_insert()
	return name


@pytest.fixture(scope="module")
def world(demo_site: str) -> Iterator[World]:
	tables = (
		"User",
		"Contact",
		"Dynamic Link",
		"Has Role",
		"Contact Email",
		"Notification Settings",
		"Portal User",
		"Version",
	)
	with as_before(*tables):
		_user("other@dealer.example")
		_user("leaver@dealer.example")
		with acting("MG"):
			granted(OTHER_DEALER, "other@dealer.example", "leaver@dealer.example")
		_user("new@dealer.example", ("Dealer",))
		_user("linked@dealer.example", ("Dealer",))
		_linked("linked@dealer.example")
		found = World(
			order=_two_rounds(service_terms=MARKUP),
			contract=_contract(),
			foreign_order=_two_rounds(dealer=OTHER_DEALER),
			foreign_contract=_contract(dealer=OTHER_DEALER),
			draft=str(copy_of("IO-01", external_id=None).insert().name),
		)
		frappe.db.commit()
		yield found


@pytest.fixture(scope="module")
def come(web_address: str, logins: dict[str, dict[str, str]], world: World) -> Callable[[str], Visitor]:
	"""Signs a user in, once; ``DL`` is the sample dealer."""
	visitors: dict[str, Visitor] = {}

	def visitor(who: str) -> Visitor:
		if who not in visitors:
			login = logins["Dealer"] if who == "DL" else {"user": who, "password": PASSWORD}
			visitors[who] = Visitor(web_address, login["user"], login["password"])
		return visitors[who]

	return visitor


def cards(answer: str) -> list[str]:
	"""Names on the list."""
	return re.findall(r'class="card" href="/dealer/([^"]+)"', answer)


def test_a_dealer_finds_his_own_orders_and_contracts_and_no_others(
	come: Callable[[str], Visitor], world: World
) -> None:
	status, orders = come("DL").get("/dealer")
	assert status == 200
	_status, contracts = come("DL").get("/dealer", show="contracts")
	assert world.order in cards(orders)
	assert world.contract in cards(contracts)
	foreign = {world.foreign_order, world.foreign_contract, world.draft}
	assert foreign.isdisjoint({*cards(orders), *cards(contracts)})
	_status, others = come("other@dealer.example").get("/dealer")
	assert world.foreign_order in cards(others)
	assert world.order not in others


def test_an_order_tells_state_configuration_prices_and_what_changed(
	come: Callable[[str], Visitor], world: World
) -> None:
	status, page = come("DL").get(f"/dealer/{world.order}")
	assert status == 200
	for words in ("847,000", "8,470,000", "798,000", "884,600", "SLY-1249", "▲"):
		assert words in page, words
	assert page.index("ENG-D247") < page.index("<details>"), "what is not standard stands first"


def test_a_contract_tells_what_differs_from_the_intent_order(
	come: Callable[[str], Visitor], world: World
) -> None:
	status, page = come("DL").get(f"/dealer/{world.contract}")
	assert status == 200
	for words in ("848,000", "8,480,000", "SLY-1249", "▲"):
		assert words in page, words


def test_what_is_not_the_dealers_looks_like_what_is_not_there(
	come: Callable[[str], Visitor], world: World
) -> None:
	answers = {}
	for name in (
		world.foreign_order,
		world.foreign_contract,
		world.draft,
		"IO-2026-99999",
		"%",
		"' or '1'='1",
	):
		status, page = come("DL").get(f"/dealer/{name}")
		answers[status, page.replace(escape(name), "NAME")] = name
	assert len(answers) == 1, list(answers.values())
	assert next(iter(answers))[0] == 404


def test_another_dealers_miss_does_not_hide_the_order_from_its_owner(
	come: Callable[[str], Visitor], world: World
) -> None:
	assert come("other@dealer.example").get(f"/dealer/{world.order}")[0] == 404
	assert come("DL").get(f"/dealer/{world.order}")[0] == 200


def test_nothing_internal_leaves_the_house(come: Callable[[str], Visitor], world: World) -> None:
	dealer = come("DL")
	pages = [
		"/dealer",
		f"/dealer/{world.order}",
		f"/dealer/{world.contract}",
		f"/dealer/{world.foreign_order}",
	]
	answers = [dealer.get(path)[1] for path in pages] + [dealer.get("/dealer", show="contracts")[1]]
	for answer in answers:
		assert [secret for secret in SECRETS if secret in answer] == []


def test_what_a_dealer_wrote_is_shown_as_text(come: Callable[[str], Visitor], world: World) -> None:
	_status, page = come("DL").get(f"/dealer/{world.contract}")
	assert "<script>alert" not in page
	findings, _end, rest = page.partition("</section>")
	assert "&lt;script&gt;" in findings
	assert rest.count("&lt;script&gt;") >= 3, "place, seat plan, remarks"
	assert "{{ 7*7 }}" in page


@pytest.mark.parametrize("who", ["new@dealer.example", "linked@dealer.example"])
def test_who_stands_for_nobody_sees_an_empty_list(
	who: str, come: Callable[[str], Visitor], world: World
) -> None:
	status, page = come(who).get("/dealer")
	assert (status, cards(page)) == (200, [])
	assert "stands for no dealer yet" in page or "尚未关联经销商" in page
	assert come(who).get(f"/dealer/{world.order}")[0] == 404


def test_a_guest_is_sent_to_sign_in_and_back(web_address: str, world: World) -> None:
	site = urlsplit(web_address)
	for path in ("/dealer", f"/dealer/{world.order}"):
		connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
		connection.request("GET", path, headers={"Host": site.hostname or ""})
		answer = connection.getresponse()
		assert (answer.status, answer.getheader("Location")) == (302, f"/login?redirect-to={path}")
		connection.close()


def test_a_dealer_signs_out_with_his_token_only(
	web_address: str, logins: dict[str, Any], world: World
) -> None:
	login = logins["Dealer"]
	dealer = Visitor(web_address, login["user"], login["password"])
	_status, page = dealer.get("/dealer")
	token = re.search(r'name="csrf_token" value="(\w+)"', page)
	assert token
	assert dealer._send("POST", "/api/method/web_logout", "csrf_token=wrong")[0] == 400
	assert dealer.get("/dealer")[0] == 200
	assert dealer._send("POST", "/api/method/web_logout", f"csrf_token={token.group(1)}")[0] == 200
	assert dealer.get("/dealer")[0] == 302


def test_who_has_left_is_signed_out_at_once_and_stands_for_nobody(
	come: Callable[[str], Visitor], world: World
) -> None:
	leaver = come("leaver@dealer.example")
	assert world.foreign_order in cards(leaver.get("/dealer")[1])
	with acting("MG"):
		organisation = frappe.get_doc(DEALER_ORGANISATION, {"organisation_name": OTHER_DEALER})
		organisation.members[1].is_active = 0
		organisation.save()
	frappe.db.commit()
	assert leaver.get("/dealer")[0] == 302, "the session has ended"
	again = Visitor(leaver.site.geturl(), "leaver@dealer.example", PASSWORD)
	assert cards(again.get("/dealer")[1]) == []
	assert again.get("/api/resource/User")[0] == 403, "the gate binds whoever is named"
	assert come("other@dealer.example").get("/dealer")[0] == 200


@pytest.mark.parametrize("path", ["/dealer/x/y", "/dealer/../app", "/order", "/dealer.json"])
def test_only_the_named_pages_are_open(path: str, come: Callable[[str], Visitor]) -> None:
	assert come("DL").get(path)[0] == 403


@pytest.mark.parametrize("query", [{"page": "abc"}, {"page": "-5"}, {"page": "99"}, {"show": "User"}])
def test_any_question_to_the_list_is_answered(query: dict[str, str], come: Callable[[str], Visitor]) -> None:
	assert come("DL").get("/dealer", **query)[0] == 200


# --- inside: whose, how many questions, which fields --------------------------------------------------------


def test_an_order_through_a_dealer_is_not_for_the_customer_behind_him(demo_site: str) -> None:
	made = copy_of("IO-01", external_id=None).insert()
	frappe.db.set_value(INTENT_ORDER, made.name, "status", "Submitted")
	table = frappe.qb.DocType(INTENT_ORDER)
	customers = partners.Partners(customers=(made.customer,))

	def seen(whose: partners.Partners) -> bool:
		mine = partners.belonging(table, whose)
		return bool(frappe.qb.from_(table).select(table.name).where(mine & (table.name == made.name)).run())

	assert seen(partners.Partners(dealers=(made.dealer,)))
	assert not seen(customers)
	assert not seen(partners.Partners())
	frappe.db.set_value(INTENT_ORDER, made.name, "dealer", None)
	assert seen(customers)
	frappe.db.set_value(INTENT_ORDER, made.name, "order_type", "Internal")
	assert not seen(customers)


@pytest.mark.parametrize("status", ["Requested", "Proposed", "Accepted", "Broken", "Confirmed"])
def test_only_a_confirmed_date_is_a_committed_one(demo_site: str, world: World, status: str) -> None:
	for name in (world.order, world.contract):
		doctype = INTENT_ORDER if name == world.order else SALES_CONTRACT
		frappe.db.delete(DELIVERY_COMMITMENT, {"reference_name": name})
		row = {"reference_doctype": doctype, "reference_name": name, "committed_date": "2031-07-15"}
		frappe.get_doc(
			{"doctype": DELIVERY_COMMITMENT, "name": f"X-{name}", "status": status, **row}
		).db_insert()
	as_user("dl")
	order, contract = detail.found(world.order), detail.found(world.contract)
	cards_of = {card["name"]: card for card in listing.page("orders", 1)["cards"]}
	assert order
	assert contract
	said = [dict(order["facts"]), dict(contract["lines"][0]["facts"])]
	wanted = "2031-07-15" if status == "Confirmed" else "being agreed on"
	assert [facts["Committed delivery"] for facts in said] == [wanted, wanted]
	assert ("2031-07-15" in str(cards_of[world.order])) is (status == "Confirmed")


def test_pages_take_the_same_number_of_questions_whatever_they_hold(
	demo_site: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	asked = []
	plain = frappe.db.sql
	monkeypatch.setattr(frappe.db, "sql", lambda *args, **more: asked.append(args) or plain(*args, **more))

	def questions(ask: Callable[[], Any]) -> int:
		ask()  # what is cached is cached
		asked.clear()
		ask()
		return len(asked)

	as_user("dl")
	monkeypatch.setattr(listing, "PAGE", 1)
	one = {show: questions(lambda show=show: listing.page(show, 1)) for show in ("orders", "contracts")}
	monkeypatch.setattr(listing, "PAGE", 20)
	many = {show: questions(lambda show=show: listing.page(show, 1)) for show in ("orders", "contracts")}
	assert one == many
	assert max(many.values()) <= 10
	assert questions(lambda: detail.found(world.order)) <= 15
	assert questions(lambda: detail.found(world.contract)) <= 15


def test_the_list_is_paged(demo_site: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
	as_user("dl")
	monkeypatch.setattr(listing, "PAGE", 1)
	first, second = listing.page("orders", 1), listing.page("orders", 2)
	assert first["has_more"]
	assert first["counts"]["orders"] >= 2
	assert len(first["cards"]) == len(second["cards"]) == 1
	assert first["cards"][0]["name"] != second["cards"][0]["name"]


def test_of_a_diff_a_dealer_sees_named_fields_only() -> None:
	def row(group: str, code: str) -> dict[str, Any]:
		side = {"code": "a", "zh": "", "en": ""}
		built = [{"slot": "SFB", "before": MARK, "after": MARK}]
		return {
			"group": group,
			"what": {**side, "code": code},
			"before": side,
			"after": None,
			"production": built,
		}

	seen = changes.public(
		[
			row(diff.PRICE, "unit_price"),
			row(diff.PRICE, "price_book"),
			row(diff.PRICE, "review_price"),
			row(diff.TERMS, "sales_person"),
			row(diff.TERMS, "claims"),
			row(diff.TERMS, "seat_plan"),
			row(diff.POLICY, "POL-1"),
			row(diff.PRODUCTION, "SFB"),
			row(diff.CONFIGURATION, "SLY"),
		]
	)
	assert [one["what"]["code"] for one in seen] == ["unit_price", "seat_plan", "SLY"]
	assert MARK not in str(seen)
