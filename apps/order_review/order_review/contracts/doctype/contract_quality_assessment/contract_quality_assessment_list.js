frappe.listview_settings["Contract Quality Assessment"] = {
	add_fields: ["status", "score", "grade", "is_vetoed"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Confirmed: "blue",
			Appealed: "orange",
			Decided: "cyan",
			Closed: "green",
			"Handed Over": "darkgrey",
			Reopened: "yellow",
		};
		return [__(doc.status, null, "Contract Quality Assessment"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		score: (value, df, doc) => `${Number(value || 0).toFixed(1)}${doc.is_vetoed ? ` · ${__("Vetoed")}` : ""}`,
		grade(value) {
			const colour = { A: "green", B: "blue", C: "orange", D: "red" }[value] || "gray";
			return value ? `<span class="indicator-pill ${colour}">${frappe.utils.escape_html(value)}</span>` : "";
		},
	},
};
