"""Refusals of the app: one class per family of rules."""

import frappe


class OrderReviewError(frappe.ValidationError):
	"""Base of every refusal of this app."""


class UnsupportedVersionError(OrderReviewError):
	"""Frappe or ERPNext is of a version the app does not support."""


class CatalogueError(OrderReviewError):
	"""A catalogue record, or a catalogue that is imported, is not in order."""


class CatalogueInUseError(CatalogueError):
	"""A catalogue record cannot go because orders use it."""


class CatalogueReleaseError(CatalogueError):
	"""A change of the catalogue would break a model that is sold."""


class IntentOrderInputError(OrderReviewError):
	"""An intent order holds something that cannot be understood."""


class FractionError(OrderReviewError):
	"""A fraction was to be stored where whole numbers are counted."""


class WorkingCalendarError(OrderReviewError):
	"""The working calendar, or a file that is taken into it, is not in order."""


class StatusChangeError(OrderReviewError):
	"""A status or docstatus was to change other than through the process."""


class ForeignRowError(OrderReviewError):
	"""A row of a document was to be changed from outside the document, or taken from another one."""


class DemoDataError(OrderReviewError):
	"""Demo data cannot be made or cleared."""


class PriceApprovalError(OrderReviewError):
	"""A price cannot be approved, or a decision about it is not in order."""


class FieldLockedError(OrderReviewError):
	"""A field was to be changed by somebody, or at a time, it is not open to."""


class SelfApprovalError(StatusChangeError):
	"""Somebody was to approve what they had a hand in."""


class ReasonMissingError(StatusChangeError):
	"""A step was to be taken without the reason it needs."""


class SpecialOptionError(OrderReviewError):
	"""A special option's request, quotation or price is not in order."""


class PriceBookError(CatalogueError):
	"""A price book, a line of one, or a sheet that is imported into one, is not in order."""


class ReleasedError(CatalogueError):
	"""A released price book or policy was to be changed; corrections are made in a new version."""


class PolicyError(CatalogueError):
	"""A business policy is not in order."""


class IntentOrderStepError(StatusChangeError):
	"""An intent order does not have what the step asks for."""


class ReviewTaskError(OrderReviewError):
	"""An opinion cannot be asked for, given, withdrawn or overruled."""


class RoutingError(OrderReviewError):
	"""The routing of opinions holds something that cannot be understood."""


class BusyError(OrderReviewError):
	"""The database broke a request off for another one's sake, each time it was tried."""


class DeliveryCommitmentError(OrderReviewError):
	"""A delivery date cannot be asked for, proposed or promised like this."""


class SmallRecordError(OrderReviewError):
	"""A call, requirement, enquiry, training, rating or exception report is not in order."""


class TechnicalIssueError(OrderReviewError):
	"""A technical issue or a question cannot be raised, answered, closed or taken over."""


class OrderEntryError(OrderReviewError):
	"""A released line cannot be entered into ERPNext."""


class BoundOrderError(OrderReviewError):
	"""A Sales Order, Item or BOM of a contract was to be changed other than by the contract."""


class FulfilmentError(OrderReviewError):
	"""A livery design, milestone, coordination item or expedite request is not in order."""


class ReviewConditionError(OrderReviewError):
	"""A condition cannot be set, met or waived."""


class DelegationError(OrderReviewError):
	"""A substitution is not in order, or nobody may act under it."""


class WorkplaceError(OrderReviewError):
	"""A step taken from the Workplace cannot be taken: too many at once, nobody to tell, no reason."""


class QualityError(OrderReviewError):
	"""A quality assessment, an appeal, a month's close or a work-quality record is not in order."""


class ContractError(OrderReviewError):
	"""A sales contract cannot be made, or holds something that cannot be understood."""


class ContractStepError(StatusChangeError):
	"""A sales contract does not have what the step asks for."""


class ProductionEntryError(StatusChangeError):
	"""A production configuration, its audit or its release is not in order."""


class DealerOrganisationError(OrderReviewError):
	"""What a dealer's users stand for cannot be granted like this."""


class NamesTakenError(OrderReviewError):
	"""The site has records of its own under names the app needs."""


class AdministratorError(OrderReviewError):
	"""An administrator of the system wants to open what floor and cost prices are kept in."""


class IncompleteCallError(OrderReviewError):
	"""A function was called without an argument it needs."""
