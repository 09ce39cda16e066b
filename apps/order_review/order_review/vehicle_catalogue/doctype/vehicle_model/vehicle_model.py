from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class VehicleModel(CatalogueDocument):
	pass
