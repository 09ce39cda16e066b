"""What browser tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_actors import Logins, Office

# A loaded machine answers late; a test waits for what it expects as long as for a page.
expect.set_options(timeout=30_000)


@pytest.fixture
def office(
	chromium: Browser, web_address: str, logins: Logins, sign_in: Callable[..., None]
) -> Iterator[Office]:
	"""Everybody who works on an order."""
	people = Office(chromium, web_address, logins, sign_in)
	yield people
	people.close()
