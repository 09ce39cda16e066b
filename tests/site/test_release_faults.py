"""Releases in processes of their own, killed half-way or two at once, and a web worker killed in one: all, or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import frappe
import pytest
from frappe.database.mariadb.database import MariaDBDatabase

from order_review.constants import (
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	PRODUCTION_MILESTONE,
	SALES_CONTRACT,
)
from order_review.exceptions import ProductionEntryError
from order_review.services.production import bound_orders, configuration, configuration_steps, erp
from tests.site import fulfilling, producing
from tests.site.committed import meanwhile
from tests.site.visiting import Visitor

NUMBER, PCF, NEXT = "SC-FAULT-1", "PCF-FAULT-1", "PCF-FAULT-2"
MADE = ("Item", "BOM", "Sales Order", "BOM Item", "Sales Order Item", PRODUCTION_MILESTONE, LIVERY_DESIGN)
PATIENCE = 60
TWO_IN_TURN = 3 * PATIENCE
"""Seconds for two releases, one after the other."""

RELEASE = """
import os, sys
import frappe
os.chdir(sys.argv[2])
frappe.init(sys.argv[1], sites_path=sys.argv[2])
frappe.connect()
frappe.set_user("Administrator")
frappe.flags.mute_emails = True
from order_review.services.production import erp
sales = frappe.get_doc("Sales Contract", sys.argv[3])
pcf = frappe.get_doc("Production Configuration", sys.argv[4])
print(frappe.db.sql("select connection_id()")[0][0], flush=True)
booked = erp.book(pcf, sales, sales.lines[0])
frappe.db.commit()
print(booked["sales_order"], flush=True)
"""
"""What a worker does with a release, from its first read to the commit."""


@pytest.fixture
def contract(demo_site: str) -> Iterator[str]:
	"""A contract with a line to be released that other processes see; taken away again with all that came of it."""
	fulfilling.settings()
	sales = fulfilling.contract(NUMBER)
	fulfilling.configuration(sales, PCF, prefix="FAULT-")
	frappe.db.commit()
	yield NUMBER
	frappe.db.rollback()
	_take_away(NUMBER, PCF)
	frappe.db.commit()


def _take_away(contract: str, pcf: str) -> None:
	with bound_orders.lawful(contract):
		_remove("Sales Order", {"sales_contract": contract})
		_remove("BOM", {"item": ["like", f"%{contract}%"]})
		_remove("Item", {"sales_contract": contract})
	_remove("Item", {"name": ["like", "FAULT-%"]})
	for doctype in (PRODUCTION_MILESTONE, LIVERY_DESIGN):
		_remove(doctype, {"sales_contract": contract})
	for doctype in ("Blind Translation", "Review Task"):
		field = {"Review Task": "reference_name"}.get(doctype, "production_configuration")
		for name in frappe.get_all(doctype, {field: pcf}, pluck="name"):
			_strike(doctype, name)
	_strike(PRODUCTION_CONFIGURATION, pcf)
	_strike(SALES_CONTRACT, contract)


def _strike(doctype: str, name: str) -> None:
	"""Take a record off the site without its steps, with its rows and what was told of it."""
	for df in frappe.get_meta(doctype).get_table_fields():
		frappe.db.delete(df.options, {"parent": name, "parenttype": doctype})
	frappe.db.delete(doctype, {"name": name})
	for trace, field in (
		("Notification Log", "document_name"),
		("Outbox Message", "reference_name"),
		("Comment", "reference_name"),
		("Version", "docname"),
	):
		frappe.db.delete(trace, {field: name})


def _remove(doctype: str, filters: dict[str, Any]) -> None:
	for name in frappe.get_all(doctype, filters, pluck="name"):
		if frappe.get_meta(doctype).is_submittable:
			frappe.db.set_value(doctype, name, "docstatus", 2)
		frappe.delete_doc(doctype, name, force=True)
		frappe.db.delete("Notification Log", {"document_name": name})
		frappe.db.delete("Outbox Message", {"reference_name": name})


def counts() -> dict[str, int]:
	frappe.db.rollback()  # look anew
	return {doctype: frappe.db.count(doctype) for doctype in MADE}


def started() -> subprocess.Popen[str]:
	sites = os.path.abspath(frappe.local.sites_path)
	return subprocess.Popen(
		[sys.executable, "-c", RELEASE, frappe.local.site, sites, NUMBER, PCF],
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
	)


class Held:
	"""Another connection that holds a row, so that whoever wants it waits right there."""

	def __init__(self, table: str, name: str) -> None:
		self.table, self.name = table, name

	def __enter__(self) -> Held:
		self.connection: Any = MariaDBDatabase(
			user=frappe.conf.db_name,
			password=frappe.conf.db_password,
			host=frappe.conf.db_host,
			port=frappe.conf.db_port,
		)
		self.connection.connect()
		self.connection.use(frappe.conf.db_name)
		self.connection.sql(f"select name from `tab{self.table}` where name = %s for update", (self.name,))
		return self

	def __exit__(self, *_error: object) -> None:
		self.connection.rollback()
		self.connection.close()

	def waits_for_it(self, unless: Future[Any] | None = None) -> int:
		"""The connection that has come to the row that is held; fails when the request ends before."""
		return self.waits_for(self.table, unless)

	def waits_for(self, table: str, unless: Future[Any] | None = None) -> int:
		"""A connection that is held up at a table; fails when the request ends before."""
		end = time.monotonic() + PATIENCE
		while time.monotonic() < end:
			assert unless is None or not unless.done(), unless.result()
			asking = self.connection.sql(
				# other sites of this database server are none of our business
				"select id from information_schema.processlist"
				" where db = database() and info like %s and id != connection_id()",
				(f"%`tab{table}`%for update%",),
			)
			if asking:
				return int(asking[0][0])
			time.sleep(0.05)
		raise AssertionError(f"the release is not held up at {table}")


def _series() -> str:
	"""The counter a Sales Order takes its number from; there before the release, so that its row can be held."""
	prefix = frappe.get_meta("Sales Order").get_field("naming_series").options.split("\n")[0]
	series = prefix.replace(".YYYY.", frappe.utils.today()[:4]).replace(".", "")
	if not frappe.db.sql("select name from tabSeries where name = %s", (series,)):
		frappe.db.sql("insert into tabSeries (name, current) values (%s, 0)", (series,))
		frappe.db.commit()
	return series


def test_a_killed_release_leaves_nothing_and_can_be_made_again(contract: str) -> None:
	before = counts()
	with Held("Series", _series()) as held:
		process = started()
		connection = held.waits_for_it()  # Item and BOM are written, the Sales Order is about to be
		os.kill(process.pid, signal.SIGKILL)
		process.wait()
	_until_gone(connection)
	assert counts() == before
	sales = frappe.get_doc(SALES_CONTRACT, NUMBER)
	booked = erp.book(frappe.get_doc(PRODUCTION_CONFIGURATION, PCF), sales, sales.lines[0])
	frappe.db.commit()
	after = counts()
	assert (after["Sales Order"], after["BOM"]) == (before["Sales Order"] + 1, before["BOM"] + 1)
	assert frappe.db.get_value("Sales Order", booked["sales_order"], "docstatus") == 1


@pytest.mark.long
@pytest.mark.parametrize("share", [number / 20 for number in range(1, 20)])
def test_whenever_a_release_is_killed_it_is_there_whole_or_not_at_all(contract: str, share: float) -> None:
	before = counts()
	process = started()
	assert process.stdout is not None
	connection = int(process.stdout.readline())
	time.sleep(share * _usual_seconds())
	os.kill(process.pid, signal.SIGKILL)
	process.wait()
	_until_gone(connection)
	made = {doctype: number - before[doctype] for doctype, number in counts().items()}
	assert (made["Sales Order"], made["BOM"]) in {(0, 0), (1, 1)}, made
	if not made["Sales Order"]:
		assert counts() == before
	sales = frappe.get_doc(SALES_CONTRACT, NUMBER)
	booked = erp.book(frappe.get_doc(PRODUCTION_CONFIGURATION, PCF), sales, sales.lines[0])
	frappe.db.commit()
	after = counts()
	assert (after["Sales Order"], after["BOM"]) == (before["Sales Order"] + 1, before["BOM"] + 1)
	assert frappe.db.get_value("Sales Order", booked["sales_order"], "docstatus") == 1


_usual: list[float] = []


def _usual_seconds() -> float:
	"""How long a release takes here from its first read to its commit; measured once, and taken back."""
	if not _usual:
		sales = frappe.get_doc(SALES_CONTRACT, NUMBER)
		began = time.monotonic()
		erp.book(frappe.get_doc(PRODUCTION_CONFIGURATION, PCF), sales, sales.lines[0])
		_usual.append(time.monotonic() - began)
		frappe.db.rollback()
	return _usual[0]


def _until_gone(connection_id: int) -> None:
	"""The server has noticed that the process is dead and has taken its transaction back."""
	end = time.monotonic() + PATIENCE
	while time.monotonic() < end:
		frappe.db.rollback()
		if not frappe.db.sql("select 1 from information_schema.processlist where id = %s", (connection_id,)):
			return
		time.sleep(0.05)
	raise AssertionError("the transaction of the killed process is still there")


def test_two_releases_at_once_make_one_sales_order(contract: str) -> None:
	before = counts()
	first, second = started(), started()
	ends = [process.communicate(timeout=PATIENCE) for process in (first, second)]
	made = {out.split("\n")[1] for out, _errors in ends}
	assert [first.returncode, second.returncode] == [0, 0], ends
	assert len(made) == 1, "both are told the same Sales Order"
	after = counts()
	assert (after["Sales Order"], after["BOM"]) == (before["Sales Order"] + 1, before["BOM"] + 1)


# --- by HTTP ------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(demo_site: str) -> Iterator[str]:
	"""A production configuration of IO-01 whose departments have agreed, as the web server sees it."""
	name = producing.confirmed(producing.audited(producing.handed_to_audit(producing.begun("IO-01"))))
	contract = frappe.db.get_value(PRODUCTION_CONFIGURATION, name, "sales_contract")
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	assert frappe.session.user == "Administrator"
	_take_away(contract, name)
	frappe.db.commit()


def _worker(address: str) -> int:
	"""The process that serves the requests: the child of the server that listens at the address."""
	listens = f"--bind=127.0.0.1:{urlsplit(address).port}".encode()
	servers = {
		int(path.parent.name): path
		for path in Path("/proc").glob("[0-9]*/cmdline")
		if listens in _read(path).split(b"\0")
	}
	for pid, path in servers.items():
		parent = int(_read(path.parent / "stat").rsplit(b")", 1)[1].split()[1])
		if parent in servers:
			return pid
	raise AssertionError("the web server has no worker")


def _read(path: Path) -> bytes:
	try:
		return path.read_bytes()
	except OSError:  # it ended meanwhile
		return b""


def test_a_web_worker_killed_in_a_release_leaves_nothing_and_the_next_request_makes_it_whole(
	confirmed: str, web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	login = logins["Order Administrator"]
	visitor = Visitor(web_address, login["user"], login["password"])
	before, function = counts(), "order_review.api.production_configuration.release"
	with Held("Series", _series()) as held, ThreadPoolExecutor(1) as elsewhere:
		asked = elsewhere.submit(visitor.call, function, name=confirmed)
		connection = held.waits_for_it(unless=asked)
		os.kill(_worker(web_address), signal.SIGKILL)
		assert asked.exception(PATIENCE) is not None, "the connection breaks off"
	_until_gone(connection)
	assert counts() == before
	assert frappe.db.get_value(PRODUCTION_CONFIGURATION, confirmed, "status") == "Department Confirmation"
	status, text = Visitor(web_address, login["user"], login["password"]).call(function, name=confirmed)
	assert status == 200, text
	after = counts()
	assert (after["Sales Order"], after["BOM"]) == (before["Sales Order"] + 1, before["BOM"] + 1)
	released = frappe.db.get_value(
		PRODUCTION_CONFIGURATION, confirmed, ["status", "sales_order"], as_dict=True
	)
	assert released.status == "Released"
	assert frappe.db.get_value("Sales Order", released.sales_order, "docstatus") == 1


def test_a_release_sees_that_its_contract_was_cancelled_meanwhile(contract: str) -> None:
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, PCF)
	version.opinions_joined = 1

	def cancel() -> None:
		frappe.db.set_value(SALES_CONTRACT, contract, "status", "Cancelled")

	meanwhile("Administrator", cancel)
	with pytest.raises(ProductionEntryError, match="nothing is released for it"):
		configuration_steps.check_released(version)


def test_a_next_version_made_meanwhile_is_not_made_again(contract: str) -> None:
	def make_next() -> None:
		version = frappe.get_doc(PRODUCTION_CONFIGURATION, PCF)
		version.update({"name": NEXT, "supersedes": PCF, "version": 2, "status": "Draft", "docstatus": 0})
		version.db_insert()

	assert (
		frappe.db.get_value(PRODUCTION_CONFIGURATION, PCF, "status") == "Released"
	)  # the view is fixed from here on
	meanwhile("Administrator", make_next)
	try:
		with pytest.raises(ProductionEntryError, match="next version already"):
			configuration.new_version(PCF)
	finally:
		frappe.db.rollback()
		_strike(PRODUCTION_CONFIGURATION, NEXT)
		frappe.db.commit()


# --- two at once by HTTP ------------------------------------------------------------------------------------


def _both_released(web_address: str, login: dict[str, str], first: str, second: str) -> list[dict[str, Any]]:
	"""What two people are told who release at the same time: the first is half-way when the second asks."""
	visitors = [
		Visitor(web_address, login["user"], login["password"], TWO_IN_TURN) for _name in (first, second)
	]
	for visitor in visitors:
		assert visitor.call("frappe.auth.get_logged_user")[0] == 200  # each has its token
	function = "order_review.api.production_configuration.release"
	with ThreadPoolExecutor(2) as elsewhere:
		with Held("Series", _series()) as held:
			asked = [elsewhere.submit(visitors[0].call, function, name=first)]
			held.waits_for_it(unless=asked[0])
			asked.append(elsewhere.submit(visitors[1].call, function, name=second))
			held.waits_for("Sales Contract", unless=asked[1])
		answers = [one.result(TWO_IN_TURN) for one in asked]
	assert [status for status, _text in answers] == [200, 200], answers
	return [json.loads(text)["message"] for _status, text in answers]


def test_two_requests_that_release_one_configuration_make_one_of_each_and_are_told_the_same(
	confirmed: str, web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	before = counts()
	told = _both_released(web_address, logins["Order Administrator"], confirmed, confirmed)
	assert told[0] == told[1]
	assert told[0]["status"] == "Released"
	after = counts()
	for doctype in ("BOM", "Sales Order"):
		assert after[doctype] == before[doctype] + 1, doctype
	contract = frappe.db.get_value(PRODUCTION_CONFIGURATION, confirmed, "sales_contract")
	assert frappe.get_all("Item", {"sales_contract": contract}, pluck="name") == [told[0]["item"]]


@pytest.fixture
def two_lines(demo_site: str) -> Iterator[list[str]]:
	"""Production configurations of the two lines of one contract, both ready for release."""
	first = producing.begun("IO-01")
	contract = frappe.db.get_value(PRODUCTION_CONFIGURATION, first, "sales_contract")
	names = [first, producing.begun_line(contract, producing.second_line(contract))]
	for name in names:
		producing.confirmed(producing.audited(producing.handed_to_audit(name)))
	frappe.db.commit()
	yield names
	frappe.db.rollback()
	for name in names:
		_take_away(contract, name)
	frappe.db.commit()


def test_two_lines_of_one_contract_released_at_once_are_both_entered(
	two_lines: list[str], web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	before = counts()
	told = _both_released(web_address, logins["Order Administrator"], *two_lines)
	after = counts()
	for doctype in ("BOM", "Sales Order"):
		assert after[doctype] == before[doctype] + 2, doctype
	for key in ("item", "bom", "sales_order"):
		assert told[0][key] != told[1][key], key
	contract = frappe.get_doc(
		SALES_CONTRACT, frappe.db.get_value(PRODUCTION_CONFIGURATION, two_lines[0], "sales_contract")
	)
	assert contract.status == "In Fulfilment"
	assert [row.sales_order for row in contract.lines] == [one["sales_order"] for one in told]
	assert [row.production_configuration for row in contract.lines] == two_lines
