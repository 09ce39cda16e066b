frappe.listview_settings["Intent Order Price Review"] = {
	add_fields: ["verdict", "below_floor"],
	get_indicator(doc) {
		if (doc.below_floor) return [__("Below Floor"), "red", "below_floor,=,1"];
		const colours = { clear: "green", advice: "orange", error: "red" };
		return [__(doc.verdict, null, "Intent Order Price Review"), colours[doc.verdict] || "gray", `verdict,=,${doc.verdict}`];
	},
};
