frappe.query_reports["Training Completion"] = {
	filters: [
		{ fieldname: "role", label: __("Role"), fieldtype: "Autocomplete", default: "Order Administrator", reqd: 1 },
		{ fieldname: "open_only", label: __("Not Qualified Yet"), fieldtype: "Check" },
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname !== "state" || !data) return default_formatter(value, row, column, data);
		const colour = { Qualified: "green", "To Be Qualified": "blue", "In Training": "orange" }[data.state_code];
		const word = `<span class="indicator-pill ${colour}">${value}</span>`;
		const offered = data.state_code === "To Be Qualified" && frappe.model.can_create("Qualification Record") && data.user !== frappe.session.user;
		const button = `<button class="btn btn-xs btn-primary or-qualify" data-user="${frappe.utils.escape_html(data.user)}">${__("Qualify")}</button>`;
		return offered ? `${word} ${button}` : word;
	},

	onload(report) {
		order_review.fill_choices(report);
		report.page.main.off("click.or-qualify").on("click.or-qualify", ".or-qualify", (event) => qualify(report, event.currentTarget.dataset.user));
	},
};

function qualify(report, user) {
	const role = report.get_filter_value("role");
	const row = report.data.find((one) => one.user === user);
	const name = frappe.utils.escape_html((row && row.full_name) || user);
	frappe.confirm(__("Write the qualification of {0} for the role {1}?", [name, __(role)]), () =>
		frappe.xcall("order_review.api.small_records.qualify", { user, role }).then((record) => {
			frappe.show_alert({ message: __("{0} is qualified: {1}", [name, record]), indicator: "green" });
			report.refresh();
		})
	);
}
