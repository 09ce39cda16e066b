frappe.listview_settings["Vehicle Model"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = {
			active: "green",
			draft: "gray",
			phased_out: "darkgrey",
		};
		return [__(doc.status, null, "Vehicle Model"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
