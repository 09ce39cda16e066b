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

// Choices of a Select filter in the words of the documents they stand in.
order_review.in_words_of = (doctype, values) => ["", ...values.map((value) => ({ value, label: __(value, null, doctype) }))];
