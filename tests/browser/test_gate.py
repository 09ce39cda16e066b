"""Over real HTTP: a dealer reaches nothing but what is named for website users; staff reach their work."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote

import pytest

MARKS = ("floor_price", "cost", "825200", "606100", "Traceback")


class Visitor:
	"""A signed-in visitor with his cookies."""

	def __init__(self, address: str, user: str, password: str) -> None:
		host = urllib.parse.urlsplit(address)
		self.address = f"http://127.0.0.1:{host.port}"
		self.host = f"{host.hostname}:{host.port}"
		self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
		status, _ = self.call("POST", "/api/method/login", {"usr": user, "pwd": password})
		assert status == 200

	def call(
		self, method: str, path: str, fields: dict[str, Any] | None = None, **headers: str
	) -> tuple[int, str]:
		data = urllib.parse.urlencode(fields).encode() if fields is not None else None
		headers["Host"] = self.host
		request = urllib.request.Request(self.address + path, data=data, method=method, headers=headers)
		try:
			with self.opener.open(request, timeout=60) as answer:
				return answer.status, answer.read().decode(errors="replace")
		except urllib.error.HTTPError as error:
			return error.code, error.read().decode(errors="replace")


@pytest.fixture
def dealer(web_address: str, logins: dict[str, Any]) -> Visitor:
	return Visitor(web_address, logins["Dealer"]["user"], logins["Dealer"]["password"])


READS = [
	"/api/resource/Intent%20Order",
	"/api/resource/Intent%20Order%20Price%20Review",
	"/api/resource/User",
	"/api/v2/document/Intent%20Order",
	"/api/v1/resource/Price%20Book",
	"/api/method/frappe.client.get_count?doctype=Price%20Book%20Cost",
	"/api/method/frappe.client.get_list?doctype=Price%20Book",
	"/api/method/frappe.desk.search.search_link?doctype=Customer&txt=",
	"/api/method/frappe.desk.reportview.get?doctype=Intent%20Order",
	"/api/method/frappe.desk.query_report.run?report_name=Price%20Check",
	"/api/method/order_review.api.review.get_panel?name=IO-2026-00001",
	"/api/method/frappe.utils.print_format.download_pdf?doctype=Intent%20Order&name=IO-2026-00001",
	"/?cmd=frappe.client.get_list&doctype=Price%20Book",
	"/list?doctype=Intent%20Order",
	"/Intent%20Order",
	"/printview?doctype=Intent%20Order&name=IO-2026-00001",
	"/private/files/any.pdf",
	"/app",
]


@pytest.mark.parametrize("path", READS)
def test_a_dealer_gets_403_and_learns_nothing(path: str, dealer: Visitor) -> None:
	status, answer = dealer.call("GET", path)
	assert status == 403
	assert [mark for mark in MARKS if mark in answer] == []


WRITES = [
	("POST", "/api/resource/Intent%20Order", {"data": json.dumps({"model": "XQK6128H"})}),
	("PUT", "/api/resource/Intent%20Order/IO-2026-00001", {"data": json.dumps({"qty": 1})}),
	("DELETE", "/api/resource/Intent%20Order/IO-2026-00001", {}),
	(
		"POST",
		"/api/method/frappe.client.insert",
		{"doc": json.dumps({"doctype": "File", "file_url": "/files/../../site_config.json"})},
	),
	("POST", "/api/method/upload_file", {"file_url": "/private/files/x"}),
	("POST", "/api/method/erpnext.stock.get_item_details.get_item_details", {"args": "{}"}),
]


@pytest.mark.parametrize(("method", "path", "fields"), WRITES)
def test_a_dealer_changes_nothing(method: str, path: str, fields: dict[str, Any], dealer: Visitor) -> None:
	status, answer = dealer.call(method, path, fields)
	assert status == 403
	assert "Traceback" not in answer


def test_a_dealer_still_sees_his_account_and_leaves(dealer: Visitor) -> None:
	assert dealer.call("GET", "/api/method/frappe.auth.get_logged_user")[0] == 200
	assert dealer.call("GET", "/me")[0] == 200
	assert dealer.call("POST", "/api/method/logout", {})[0] == 200


def test_staff_are_not_held_up(web_address: str, logins: dict[str, Any]) -> None:
	login = logins["Order Administrator"]
	staff = Visitor(web_address, login["user"], login["password"])
	samples = quote(json.dumps([["external_id", "like", "IO-%"]]))
	status, answer = staff.call("GET", f"/api/resource/Intent%20Order?limit=20&filters={samples}")
	assert (status, len(json.loads(answer)["data"])) == (200, 12)


def test_a_link_approves_nothing(web_address: str, logins: dict[str, Any]) -> None:
	login = logins["Sales Operations Manager"]
	staff = Visitor(web_address, login["user"], login["password"])
	path = "/api/method/frappe.model.workflow.bulk_workflow_approval?docnames=%5B%5D&doctype=Intent%20Order&action=Approve"
	assert staff.call("GET", path)[0] == 403
