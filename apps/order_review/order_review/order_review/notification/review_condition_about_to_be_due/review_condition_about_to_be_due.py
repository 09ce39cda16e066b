from typing import Any


def get_context(context: Any) -> None:
	"""Nothing beside the document is needed."""
