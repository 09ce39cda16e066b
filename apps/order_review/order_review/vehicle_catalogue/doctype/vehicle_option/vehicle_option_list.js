frappe.listview_settings["Vehicle Option"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = {
			active: "green",
			draft: "gray",
			phased_out: "darkgrey",
		};
		return [__(doc.status, null, "Vehicle Option"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
