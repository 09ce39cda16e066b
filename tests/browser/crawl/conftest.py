"""The same people walk the crawl as the journeys."""

from tests.browser.journeys.conftest import meet

__all__ = ["meet"]
