"""What a dealer's users stand for: a record market management grants, and nothing anybody else may write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest

from order_review.constants import DEALER_ORGANISATION, INTENT_ORDER, REVIEW_SETTINGS
from order_review.demo.people import DEALER, address
from order_review.exceptions import DealerOrganisationError, ForeignRowError
from order_review.patches.v15_0 import dealer_organisations
from order_review.services.portal import organisations, partners
from tests.site.reviewing import acting

pytestmark = pytest.mark.usefixtures("demo_site")

USER = "visitor@dealer.example"
OTHER_DEALER = "西南星桥客车销售有限公司(示例)"


@pytest.fixture(autouse=True)
def visitor() -> str:
	"""A website user who stands for nobody yet."""
	frappe.get_doc(
		{
			"doctype": "User",
			"email": USER,
			"first_name": "Visitor",
			"user_type": "Website User",
			"send_welcome_email": 0,
		}
	).insert()
	return USER


def organisation(**values: Any) -> Any:
	given = {"organisation_name": "New Dealer", "sales_partner": OTHER_DEALER, "members": [{"user": USER}]}
	return frappe.get_doc({"doctype": DEALER_ORGANISATION, **given, **values})


def stands_for(user: str = USER) -> partners.Partners:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		return partners.mine()
	finally:
		frappe.set_user(before)


def customer() -> str:
	return str(frappe.db.get_value(INTENT_ORDER, {"external_id": "IO-07"}, "customer"))


def events(document: Any) -> list[tuple[str, str, str]]:
	return [(row.action, row.subject_type, row.actor) for row in document.events]


def test_market_management_grants_and_each_grant_is_written_down() -> None:
	with acting("MG"):
		made = organisation(customers=[{"customer": customer()}]).insert()
	assert stands_for() == partners.Partners((OTHER_DEALER,), (customer(),))
	grants = ("Organisation", "Sales Partner", "Customer", "User")
	assert events(made) == [("Granted", kind, address("MG")) for kind in grants]
	assert [row.subject for row in made.events][1:] == [OTHER_DEALER, customer(), USER]
	with acting("OS"):
		assert frappe.get_doc(DEALER_ORGANISATION, made.name).has_permission("read")


def test_what_is_withdrawn_is_gone_at_once_and_written_down() -> None:
	with acting("MG"):
		made = organisation(customers=[{"customer": customer()}]).insert()
		made.customers = []
		made.members[0].position = "Finance"
		made.save()
		assert stands_for() == partners.Partners((OTHER_DEALER,))
		assert [row[:2] for row in events(made)[4:]] == [("Changed", "User"), ("Withdrawn", "Customer")]
		made.members[0].is_active = 0
		made.save()
		assert not stands_for()
		made.members[0].is_active = 1
		made.is_active = 0
		made.save()
		assert not stands_for()
	assert [row[:2] for row in events(made)[6:]] == [
		("Withdrawn", "User"),
		("Granted", "User"),
		("Withdrawn", "Organisation"),
	]
	assert organisations.is_member(USER), "named, so the gate still binds"


def test_what_was_written_down_stays_whatever_is_sent() -> None:
	with acting("MG"):
		made = organisation().insert()
		sent = frappe.get_doc(made.as_dict())
		sent.events = []
		sent.append("events", {"action": "Granted", "actor": "nobody"})
		sent.save()
	assert events(frappe.get_doc(DEALER_ORGANISATION, made.name)) == events(made)


@pytest.mark.parametrize("code", ["SP", "MM", "IC", "OA", "OS", "SM", "KM", "VP"])
def test_nobody_else_grants(code: str) -> None:
	with acting("MG"):
		made = organisation(members=[]).insert()
	row = {"doctype": organisations.MEMBER, "parent": made.name, "parenttype": DEALER_ORGANISATION}
	ways: list[Callable[[], Any]] = [
		lambda: organisation().insert(),
		lambda: frappe.client.save({**made.as_dict(), "members": [{"user": USER, "position": "Sales"}]}),
		lambda: frappe.client.set_value(DEALER_ORGANISATION, made.name, "sales_partner", DEALER),
		lambda: frappe.client.insert({**row, "parentfield": "members", "user": USER}),
		lambda: frappe.delete_doc(DEALER_ORGANISATION, made.name),
	]
	with acting(code):
		for way in ways:
			with pytest.raises((frappe.PermissionError, ForeignRowError)):
				way()
	assert not stands_for()


def test_a_row_is_not_written_beside_its_organisation() -> None:
	with acting("MG"):
		made = organisation().insert()
		row = made.members[0]
		alone = frappe.get_doc(organisations.MEMBER, row.name)
		alone.user = address("DL")
		with pytest.raises(ForeignRowError):
			alone.save()
		with pytest.raises((frappe.PermissionError, ForeignRowError)):
			frappe.delete_doc(organisations.MEMBER, row.name)


def test_contacts_and_customers_lists_grant_nothing() -> None:
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "Visitor", "user": USER})
	contact.append("links", {"link_doctype": "Sales Partner", "link_name": DEALER})
	contact.append("links", {"link_doctype": "Customer", "link_name": customer()})
	contact.insert()
	listed = frappe.get_doc("Customer", customer())
	listed.append("portal_users", {"user": USER})
	listed.save()
	frappe.get_doc("User", USER).add_roles("Dealer")
	assert not stands_for()
	assert not organisations.is_member(USER)


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"sales_partner": None}, "at least one customer"),
		({"members": [{"user": address("SP")}]}, "works at the Desk"),
		({"members": [{"user": USER}, {"user": USER}]}, "there already"),
		({"customers": [{"customer": "C"}, {"customer": "C"}]}, "there already"),
	],
)
def test_what_makes_no_sense_is_refused_with_its_row(values: dict[str, Any], said: str) -> None:
	with pytest.raises(DealerOrganisationError, match=said):
		organisation(**values).insert(ignore_links=True)


def test_what_contacts_granted_becomes_organisations_for_exactly_the_same_users() -> None:
	frappe.get_doc("User", USER).add_roles("Dealer")
	frappe.db.delete(DEALER_ORGANISATION, {"name": ["is", "set"]})
	frappe.db.delete(organisations.MEMBER, {"name": ["is", "set"]})
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "Visitor", "user": USER})
	contact.append("links", {"link_doctype": "Sales Partner", "link_name": OTHER_DEALER})
	contact.insert()
	for user in (USER, "customer@host.example"):
		if user != USER:
			frappe.get_doc(
				{"doctype": "User", "email": user, "first_name": user, "send_welcome_email": 0}
			).insert()
		listed = frappe.get_doc("Customer", customer())
		listed.append("portal_users", {"user": user})
		listed.save()
	dealer_organisations.execute()
	assert stands_for() == partners.Partners((OTHER_DEALER,), (customer(),))
	assert not organisations.is_member("customer@host.example"), "a customer of the host is no dealer"
	dealer_organisations.execute()
	assert frappe.db.count(DEALER_ORGANISATION) == 2


def test_only_a_system_manager_opens_or_closes_the_website() -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	assert settings.close_website, "closed where the whole system is ours"
	with acting("OS"):
		settings.close_website = 0
		with pytest.raises(frappe.PermissionError):
			settings.save()
