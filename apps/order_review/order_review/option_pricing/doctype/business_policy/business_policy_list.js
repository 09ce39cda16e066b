frappe.listview_settings["Business Policy"] = {
	add_fields: ["status"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = {
			draft: "gray",
			released: "green",
			suspended: "orange",
			expired: "darkgrey",
		};
		return [__(doc.status, null, "Business Policy"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
