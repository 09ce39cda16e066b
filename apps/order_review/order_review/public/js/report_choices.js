// Filters of reports that offer what stands in the documents the user may read, without a right to the linked DocType.
frappe.provide("order_review");

order_review.fill_choices = function (report) {
	const asked = report.report_name;
	return frappe.xcall("order_review.api.reports.choices", { report: asked }).then((choices) => order_review.offer_choices(report, asked, choices));
};

// The page of reports is one for all of them: choices that come late are not another report's.
order_review.offer_choices = function (report, asked, choices) {
	if (report.report_name !== asked) return;
	for (const filter of report.filters || []) {
		if (choices[filter.df.fieldname]) filter.set_data(choices[filter.df.fieldname]);
	}
};

// Choices of a Select filter in the words of the documents they stand in.
order_review.in_words_of = (doctype, values) => ["", ...values.map((value) => ({ value, label: __(value, null, doctype) }))];
