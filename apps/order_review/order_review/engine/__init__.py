"""What a review computes: pure Python, no clock, exact money."""

from .catalogue import Catalogue, catalogue_hash
from .errors import BadInput, EngineError, RuleSyntaxError
from .order import Order
from .review import Review, review, translate_order

__all__ = [
	"BadInput",
	"Catalogue",
	"EngineError",
	"Order",
	"Review",
	"RuleSyntaxError",
	"catalogue_hash",
	"review",
	"translate_order",
]
