"""Prices of an order: the one resolution that form, contract, change slip and reports call."""

from .figures import FIGURES, INTERNAL_OPEN_FIGURES, SECRET_FIGURES, Price, Step, plain, shown_number
from .policies import Outlook
from .resolve import policy_outlook, price

__all__ = [
	"FIGURES",
	"INTERNAL_OPEN_FIGURES",
	"SECRET_FIGURES",
	"Outlook",
	"Price",
	"Step",
	"plain",
	"policy_outlook",
	"price",
	"shown_number",
]
