// Before an order or a contract is sent: one's own commonest errors, and what is still open.
// Read once with the Desk: read with the form of each, it would ask twice of who has opened both.
for (const doctype of ["Intent Order", "Sales Contract"]) {
	frappe.ui.form.on(doctype, {
		before_workflow_action(frm) {
			if (frm.selected_workflow_action !== "Submit for Review") return;
			frappe.dom.unfreeze();
			return new Promise((resolve) => {
				const { doctype, docname: name } = frm;
				frappe.xcall("order_review.api.quality.get_own_errors", { doctype, name }).then((found) => {
					const go_on = () => {
						frappe.dom.freeze();
						resolve();
					};
					found.errors.length || found.findings.length ? show_own_errors(found, go_on) : go_on();
				});
			});
		},
	});
}

function show_own_errors({ errors, findings }, go_on) {
	const dialog = new frappe.ui.Dialog({
		title: __("Before You Send"),
		size: "large",
		fields: [{ fieldname: "errors", fieldtype: "HTML", options: errors_table(errors) + findings_table(findings) }],
		primary_action_label: __("Submit for Review"),
		primary_action: () => dialog.hide() || go_on(),
		secondary_action_label: __("Check Again"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}

function errors_table(errors) {
	if (!errors.length) return "";
	const escape = (text) => frappe.utils.escape_html(text || "");
	const lines = errors.map(
		(row) => `<tr><td class="text-nowrap">${escape(row.code)}</td><td>${escape(row.name)}</td>
			<td class="text-right">${row.count}</td><td>${escape(row.check)}</td></tr>`
	);
	return section(__("Your commonest errors of the last 12 months"), [__("Defect"), __("Name"), __("Times"), __("What to Check")], lines);
}

function findings_table(findings) {
	if (!findings.length) return `<p class="text-muted">${__("No finding stands on this document.")}</p>`;
	const escape = (text) => frappe.utils.escape_html(text || "");
	const lines = findings.map(
		(row) => `<tr><td class="text-nowrap">${escape(row.code)}</td><td>${escape(row.ref)}</td><td>${escape(row.message)}</td></tr>`
	);
	return section(__("Findings that still stand"), [__("Finding"), __("Concerns"), __("Message")], lines);
}

function section(title, heads, lines) {
	return `<h5>${title}</h5><table class="table table-sm table-bordered"><thead><tr>${heads
		.map((head) => `<th>${head}</th>`)
		.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}
