// Filters of reports that offer what stands in the documents the user may read, without a right to the linked DocType.
frappe.provide("order_review");

order_review.fill_choices = function (report) {
	return frappe.xcall("order_review.api.reports.choices", { report: report.report_name }).then((choices) => {
		for (const [fieldname, values] of Object.entries(choices)) {
			const filter = report.get_filter(fieldname);
			if (filter) filter.set_data(values);
		}
	});
};
