"""A release in a process of its own that is killed half-way, and two releases at once: all, or nothing, and once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.database.mariadb.database import MariaDBDatabase

from order_review.constants import (
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	PRODUCTION_MILESTONE,
	SALES_CONTRACT,
)
from order_review.services.production import bound_orders, erp
from tests.site import fulfilling

NUMBER, PCF = "SC-FAULT-1", "PCF-FAULT-1"
MADE = ("Item", "BOM", "Sales Order", "BOM Item", "Sales Order Item", PRODUCTION_MILESTONE, LIVERY_DESIGN)
PATIENCE = 60

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
	_take_away()
	frappe.db.commit()


def _take_away() -> None:
	with bound_orders.lawful(NUMBER):
		_remove("Sales Order", {"sales_contract": NUMBER})
		_remove("BOM", {"item": ["like", f"%{NUMBER}%"]})
		_remove("Item", {"sales_contract": NUMBER})
	_remove("Item", {"name": ["like", "FAULT-%"]})
	for doctype in (PRODUCTION_MILESTONE, LIVERY_DESIGN):
		_remove(doctype, {"sales_contract": NUMBER})
	for doctype, name in ((SALES_CONTRACT, NUMBER), (PRODUCTION_CONFIGURATION, PCF)):
		for df in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(df.options, {"parent": name, "parenttype": doctype})
		frappe.db.delete(doctype, {"name": name})


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

	def wait_for(self, process: subprocess.Popen[str], connection_id: int) -> None:
		"""Return when the process waits for the row that is held."""
		end = time.monotonic() + PATIENCE
		while time.monotonic() < end:
			assert process.poll() is None, process.stderr.read() if process.stderr else ""
			asks = self.connection.sql(
				"select info from information_schema.processlist where id = %s", (connection_id,)
			)
			if asks and f"tab{self.table}" in (asks[0][0] or ""):
				return
			time.sleep(0.05)
		raise AssertionError("the release did not come to the row that is held")


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
		assert process.stdout
		connection = int(process.stdout.readline())
		held.wait_for(process, connection)  # Item and BOM are written, the Sales Order is about to be
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
