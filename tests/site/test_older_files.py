"""Files of our documents that an older version left public become private with the migration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

from order_review.constants import INTENT_ORDER
from order_review.patches.v15_0 import files_of_documents
from tests.site.samples import order_of

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture
def older_file() -> Iterator[frappe._dict]:
	"""A public file of an order, as there was no rule against it then."""
	path = Path(frappe.get_site_path("public", "files", "older-contract.pdf"))
	path.write_bytes(b"%PDF-1.4 older")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"name": frappe.generate_hash(length=10),
			"file_name": path.name,
			"file_url": f"/files/{path.name}",
			"is_private": 0,
			"attached_to_doctype": INTENT_ORDER,
			"attached_to_name": order_of("IO-01").name,
		}
	)
	file.db_insert()
	yield file
	frappe.db.rollback()  # moves the file back
	for folder in ("public", "private"):
		Path(frappe.get_site_path(folder, "files", path.name)).unlink(missing_ok=True)


def test_a_public_file_of_an_order_is_moved_to_the_private_ones(older_file: frappe._dict) -> None:
	files_of_documents.execute()
	older_file.reload()
	assert (older_file.is_private, older_file.file_url) == (1, "/private/files/older-contract.pdf")
	assert (
		Path(frappe.get_site_path("private", "files", "older-contract.pdf")).read_bytes() == b"%PDF-1.4 older"
	)
	assert not Path(frappe.get_site_path("public", "files", "older-contract.pdf")).exists()


def test_one_that_is_lost_on_the_disk_stops_no_migration(older_file: frappe._dict) -> None:
	Path(frappe.get_site_path("public", "files", "older-contract.pdf")).unlink()
	files_of_documents.execute()
	assert frappe.db.get_value("File", older_file.name, "is_private") == 0
	assert frappe.db.exists("Error Log", {"method": ["like", "%older-contract.pdf%still public%"]})
