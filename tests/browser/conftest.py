"""What browser tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.desk_actors import Logins, Office

# A loaded machine answers late; a test waits for what it expects as long as for a page.
expect.set_options(timeout=30_000)


@pytest.fixture
def office(
	open_browser: Callable[..., BrowserContext], logins: Logins, sign_in: Callable[..., None]
) -> Office:
	"""Everybody who works on an order."""
	return Office(open_browser, logins, sign_in)
