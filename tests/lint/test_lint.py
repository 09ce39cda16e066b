"""Style and types are judged by the same checks as `make lint`."""

import pytest

from tools import lint


@pytest.mark.parametrize("check", lint.checks(), ids=lambda check: check.name)
def test_our_source_is_in_order(check: lint.Check) -> None:
	passed, output = lint.run_check(check)
	if not passed:
		print(output)
		pytest.fail(f"{check.name} found something; `make lint` says what", pytrace=False)
