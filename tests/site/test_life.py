"""The app comes onto a site and leaves it again as if it had never been there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymysql
import pytest

SITES = Path(__file__).parents[2] / "sites"
SPARE = "life.localhost"
RANDOM_NAME = re.compile(r"[0-9a-z]{10}")
DIARIES = {
	"Access Log",
	"Activity Log",
	"Comment",
	"Deleted Document",
	"Error Log",
	"Installed Application",
	"RQ Job",
	"Route History",
	"Scheduled Job Log",
	"Version",
}
"""Tables in which Frappe itself writes down what happened."""
ROW_KINDS = {
	"tabDocField": "fieldname",
	"tabDocPerm": "role",
	"tabHas Role": "role",
	"tabDefaultValue": "defkey",
}
"""Rows that get a new name whenever their document is written: table → what tells them apart."""


class Truth:
	"""What is in a site's database, read beside Frappe."""

	def __init__(self, site: str) -> None:
		config = {
			**json.loads((SITES / "common_site_config.json").read_text()),
			**json.loads((SITES / site / "site_config.json").read_text()),
		}
		self.connection = pymysql.connect(
			host=config.get("db_host", "127.0.0.1"),
			port=int(config.get("db_port", 3306)),
			user=config.get("db_user", config["db_name"]),
			password=config["db_password"],
			database=config["db_name"],
			autocommit=True,
		)

	def rows(self, query: str) -> list[tuple[Any, ...]]:
		with self.connection.cursor() as cursor:
			cursor.execute(query)
			return list(cursor.fetchall())

	def everything(self) -> set[tuple[str, str]]:
		"""Each column of each table, and the name of each record in it."""
		columns = self.rows(
			"select table_name, column_name from information_schema.columns where table_schema = database()"
		)
		found = {(str(table), f"column {column}") for table, column in columns}
		for table, kind in ROW_KINDS.items():
			found |= {
				(table, f"{parent}.{what}")
				for parent, what in self.rows(f"select parent, {kind} from `{table}`")
			}
		for table in {table for table, column in columns if column == "name"}.difference(ROW_KINDS):
			if str(table).removeprefix("tab") not in DIARIES:
				found |= {(str(table), str(name)) for (name,) in self.rows(f"select name from `{table}`")}
		for doctype, field in self.rows(
			"select doctype, field from tabSingles where ifnull(value, '') != ''"
		):
			found.add(("tabSingles", f"{doctype}.{field}"))
		return found


@pytest.fixture(scope="module")
def on_the_site() -> None:
	"""These tests have a site of their own."""


@pytest.mark.usefixtures("on_the_site")
def test_install_migrate_and_uninstall_leave_nothing_behind(
	spare_site: Callable[[str], str], bench: Callable[..., Any]
) -> None:
	name = spare_site(SPARE)
	truth = Truth(name)
	before = truth.everything()

	bench("--site", name, "install-app", "order_review")
	installed = truth.everything()
	assert ("tabRole", "Order Administrator") in installed
	assert ("tabDepartment", "column department_code") in installed
	assert ("tabSingles", "Order Review Settings.working_days") in installed

	bench("--site", name, "migrate", "--skip-search-index")
	assert truth.everything() - installed == set(), "a migrate right after the install adds nothing"

	bench("--site", name, "order-review", "demo-data", "--reviews")
	assert truth.rows("select count(*) from `tabIntent Order` where external_id like 'IO-%'") == [(12,)]
	orders = truth.rows("select count(*) from `tabIntent Order`")
	bench("--site", name, "order-review", "demo-data")
	assert truth.rows("select count(*) from `tabIntent Order`") == orders, "made once only"
	bench("--site", name, "order-review", "demo-data", "--clear")
	left = _left(truth.everything() - installed)
	assert left == [], f"left behind: {left}"

	bench("--site", name, "uninstall-app", "order_review", "--yes", "--no-backup")
	assert _left(truth.everything() - before) == []
	assert _left(before - truth.everything()) == []

	bench("--site", name, "install-app", "order_review")
	assert _anonymous(installed) - _anonymous(truth.everything()) == Counter(), "it can come again"


HOST_RECORDS = [
	{"doctype": "Role", "role_name": "Dealer", "desk_access": 0},
	{"doctype": "Workflow State", "workflow_state_name": "Withdrawn", "style": "Danger"},
	{
		"doctype": "Custom Field",
		"dt": "Customer",
		"fieldname": "customer_class",
		"fieldtype": "Select",
		"label": "Class",
		"options": "\nnormal\nkey_account\ninternal",
		"insert_after": "customer_group",
	},
	{
		"doctype": "User",
		"email": "d@host.example",
		"first_name": "D",
		"send_welcome_email": 0,
		"roles": [{"role": "Dealer"}],
	},
]
"""What a site had before under names of ours."""


@pytest.mark.long
@pytest.mark.usefixtures("on_the_site")
def test_a_site_that_had_our_names_is_told_and_keeps_them(
	spare_site: Callable[[str], str], bench: Callable[..., Any]
) -> None:
	site = spare_site("host.localhost")

	def insert(*records: dict[str, Any]) -> None:
		bench(
			"--site", site, "execute", "frappe.client.insert_many", "--kwargs", repr({"docs": list(records)})
		)

	insert(*HOST_RECORDS)
	insert({"doctype": "Customer", "customer_name": "Host", "customer_class": "key_account"})
	truth = Truth(site)
	before = truth.everything()
	refused = bench("--site", site, "install-app", "order_review", check=False)
	for line in ("Role: Dealer", "Workflow State: Withdrawn", "Custom Field: Customer-customer_class"):
		assert line in refused.stdout + refused.stderr
	assert _left(truth.everything() ^ before) == [], "nothing was written"

	bench("--site", site, "set-config", "order_review_share_names", "1")
	bench("--site", site, "install-app", "order_review")
	bench("--site", site, "migrate", "--skip-search-index")
	bench("--site", site, "uninstall-app", "order_review", "--yes", "--no-backup")
	assert _left(before - truth.everything()) == []
	assert truth.rows("select style from `tabWorkflow State` where name = 'Withdrawn'") == [("Danger",)]
	assert truth.rows("select customer_class from tabCustomer where name = 'Host'") == [("key_account",)]
	assert truth.rows("select role from `tabHas Role` where parent = 'd@host.example'") == [("Dealer",)]
	field = "select label, module from `tabCustom Field` where fieldname = 'customer_class'"
	assert truth.rows(field) == [("Class", None)]


def _left(found: set[tuple[str, str]]) -> list[tuple[str, str]]:
	return sorted(found)[:40]


def _anonymous(found: set[tuple[str, str]]) -> Counter[tuple[str, str]]:
	"""How often each thing is there; rows with a random name are told apart by their table alone."""
	return Counter((table, "a row" if RANDOM_NAME.fullmatch(name) else name) for table, name in found)
