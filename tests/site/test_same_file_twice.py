"""Two documents with a file of the same content: neither stands in the way of the other."""

from __future__ import annotations

import json

import pytest

from tests.browser.journeys import prepared
from tests.site import contracting
from tests.site.visiting import Visitor
from tests.site.visiting_files import uploaded

CONTRACT = "Sales Contract"


@pytest.mark.usefixtures("demo_site")
def test_two_contracts_whose_signed_copies_are_the_same_pages(
	web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	names = [prepared.contract_approved().contract for _ in range(2)]
	login = logins["Salesperson"]
	sales = Visitor(web_address, login["user"], login["password"])
	pages = contracting.contract(names[0]).prints[-1].pages
	for name in names:
		made = uploaded(
			sales,
			f"{name}-signed.pdf",
			contracting.scan(pages),
			doctype=CONTRACT,
			docname=name,
			fieldname="signed_file",
			is_private=1,
		)
		status, text = sales.put(f"/api/resource/{CONTRACT}/{name}", {"signed_file": made["file_url"]})
		assert status == 200, text
		assert "_server_messages" not in json.loads(text), text
