frappe.listview_settings["Training Session"] = {
	formatters: {
		course: (value) => __(value || "", null, "Training Session"),
	},
};
