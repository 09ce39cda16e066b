frappe.listview_settings["Blind Translation"] = {
	add_fields: ["status", "hit_rate"],
	get_indicator(doc) {
		const colours = { Open: "orange", "Handed In": "green", Void: "darkgrey" };
		return [__(doc.status, null, "Blind Translation"), colours[doc.status], `status,=,${doc.status}`];
	},
};
