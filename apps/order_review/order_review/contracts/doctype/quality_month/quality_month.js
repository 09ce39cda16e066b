frappe.ui.form.on("Quality Month", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_ranking(frm);
		for (const report of ["Contract Quality Scores", "Contract Quality Defects", "Contract Quality Appeals"]) {
			frm.add_custom_button(
				__(report),
				() => frappe.set_route("query-report", report, { from_month: frm.doc.month, to_month: frm.doc.month }),
				__("Quality Reports")
			);
		}
	},

	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		const reasoned = (frm.doc.__onload && frm.doc.__onload.reasoned_actions) || [];
		if (!reasoned.includes(action)) return;
		frappe.dom.unfreeze();
		frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			({ reason }) => {
				const { doctype, doc } = frm;
				frappe
					.xcall("order_review.api.steps.take", { doctype, name: doc.name, modified: doc.modified, action, reason })
					.then(() => frm.reload_doc());
			},
			__(action, null, "Order Review"),
			__(action, null, "Order Review")
		);
		return new Promise(() => {}); // the dialog takes the step
	},
});

function show_ranking(frm) {
	const wrapper = frm.fields_dict.ranking_html.$wrapper;
	frappe.xcall("order_review.api.quality.get_month", { name: frm.doc.name }).then((month) => {
		const people = table(month["Salesperson"], __("Salesperson"));
		const departments = table(month["Market Department"], __("Market Department"));
		wrapper.html(people || departments ? people + departments : `<p class="text-muted">${__("No confirmed assessment yet.")}</p>`);
	});
}

function table(rows, head) {
	if (!rows.length) return "";
	const escape = frappe.utils.escape_html;
	const heads = [__("Place"), head, __("Score", null, "Order Review"), __("Grade", null, "Order Review"), __("Contracts"), __("Vehicles"), __("First-Pass Rate"), __("Times Returned"), __("Vetoed Contracts"), __("Appeals")];
	const lines = rows.map(
		(row) => `<tr><td>${row.place}</td><td>${escape(row.title)}</td><td class="text-right"><b>${row.score.toFixed(1)}</b></td>
			<td>${escape(row.grade)}</td><td class="text-right">${row.contracts}</td><td class="text-right">${row.vehicles}</td>
			<td class="text-right">${row.first_pass_rate.toFixed(1)} %</td><td class="text-right">${row.returns}</td>
			<td class="text-right">${row.vetoes}</td><td class="text-right">${row.appeals}</td></tr>`
	);
	return `<table class="table table-sm table-bordered"><thead><tr>${heads.map((text) => `<th>${text}</th>`).join("")}</tr></thead>
		<tbody>${lines.join("")}</tbody></table>`;
}
