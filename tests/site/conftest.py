"""Every test here runs on the throw-away site, and what it wrote without committing is undone."""

import pytest


@pytest.fixture(autouse=True)
def on_the_site(untouched_site: str) -> str:
	return untouched_site
