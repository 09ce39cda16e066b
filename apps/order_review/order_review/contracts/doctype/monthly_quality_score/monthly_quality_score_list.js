frappe.listview_settings["Monthly Quality Score"] = {
	add_fields: ["status", "kind", "places"],
	get_indicator(doc) {
		const colours = { Open: "blue", Closed: "orange", Confirmed: "green", Reopened: "yellow" };
		return [__(doc.status, null, "Monthly Quality Score"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		kind: (value) => __(value || "", null, "Monthly Quality Score"),
		score: (value) => Number(value || 0).toFixed(1),
		place: (value, df, doc) => `${value} / ${doc.places}`,
		grade(value) {
			const colour = { A: "green", B: "blue", C: "orange", D: "red" }[value] || "gray";
			return value ? `<span class="indicator-pill ${colour}">${frappe.utils.escape_html(value)}</span>` : "";
		},
	},
};
