frappe.listview_settings["Price Book"] = {
	add_fields: ["status"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = {
			draft: "gray",
			released: "blue",
			active: "green",
			expired: "darkgrey",
		};
		return [__(doc.status, null, "Price Book"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
