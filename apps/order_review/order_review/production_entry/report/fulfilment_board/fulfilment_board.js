frappe.query_reports["Fulfilment Board"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Autocomplete" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Autocomplete" },
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Autocomplete" },
		{ fieldname: "sales_contract", label: __("Sales Contract"), fieldtype: "Link", options: "Sales Contract" },
		{ fieldname: "late", label: __("Late Only"), fieldtype: "Check" },
		{ fieldname: "all_states", label: __("Completed Too"), fieldtype: "Check" },
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || value === undefined || value === null) return shown;
		const href = target(column.fieldname, data);
		const mark = marks_of(data)[column.fieldname];
		const colour = { reached: "green", late: "red", planned: "blue" }[mark];
		const text = mark === "late" && !String(value).includes("!") ? `! ${shown}` : shown;
		const body = colour ? `<span class="indicator-pill no-indicator-dot ${colour}">${text}</span>` : text;
		return href ? `<a href="${href}">${body}</a>` : body;
	},

	onload(report) {
		order_review.fill_choices(report);
		report.page.add_inner_button(__("Coordination Item"), () => frappe.new_doc("Coordination Item", reference(report)));
		report.page.add_inner_button(__("Expedite Request"), () =>
			frappe.new_doc("Expedite Request", { sales_contract: report.get_filter_value("sales_contract") })
		);
		report.page.add_inner_button(__("Milestones"), () => frappe.set_route("List", "Production Milestone"));
	},
};

function marks_of(data) {
	if (!data.parsed_marks) data.parsed_marks = JSON.parse(data.marks || "{}");
	return data.parsed_marks;
}

function reference(report) {
	const contract = report.get_filter_value("sales_contract");
	return contract ? { reference_doctype: "Sales Contract", reference_name: contract } : {};
}

// Where a cell leads: to the record, or to the list of the records it counts.
function target(name, data) {
	const line = `sales_contract=${encodeURIComponent(data.sales_contract)}`;
	const of_line = `${line}&contract_line=${data.line_no}`;
	const open = (route, doc) => (doc && doc !== "–" ? `/app/${route}/${encodeURIComponent(doc)}` : null);
	if (/^f\d+$/.test(name)) return `/app/production-milestone?${of_line}&freeze_point=${name.toUpperCase()}`;
	const targets = {
		livery: open("livery-design", data.livery_name),
		configuration_status: open("production-configuration", data.configuration),
		sales_order: open("sales-order", data.sales_order),
		material: `/app/expedite-request?${line}`,
		tasks: `/app/coordination-item?${line}`,
		delivery: data.sales_order !== "–" ? `/app/delivery-note?against_sales_order=${encodeURIComponent(data.sales_order)}` : null,
	};
	return targets[name] || null;
}
