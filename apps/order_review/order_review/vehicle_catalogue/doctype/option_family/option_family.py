from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class OptionFamily(CatalogueDocument):
	pass
