frappe.listview_settings["Policy Adjustment Request"] = {
	get_indicator(doc) {
		const colours = { Draft: "gray", Submitted: "orange", "Finance Checked": "blue", Approved: "green", Rejected: "red", Withdrawn: "darkgrey" };
		return [__(doc.status, null, "Policy Adjustment Request"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
