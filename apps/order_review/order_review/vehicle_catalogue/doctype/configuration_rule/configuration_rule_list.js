frappe.listview_settings["Configuration Rule"] = {
	add_fields: ["severity"],
	get_indicator(doc) {
		const colours = {
			error: "red",
			warning: "orange",
		};
		return [__(doc.severity, null, "Configuration Rule"), colours[doc.severity] || "gray", `severity,=,${doc.severity}`];
	},
};
