"""What the parts of a journey hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass

WISH = {
	"option_name": "行李舱恒温酒柜",
	"description": "左侧行李舱加装恒温酒柜一台,容量五十升,独立供电并带门锁。",
}
"""The special option the salesperson asks for."""


@dataclass
class Story:
	"""Numbers of what has been made so far."""

	order: str = ""
	special: str = ""
	contract: str = ""
	configuration: str = ""
