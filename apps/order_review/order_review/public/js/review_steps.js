// Steps of documents under review that ask something first: who will be asked, and the reason with its code.
frappe.provide("order_review.review_steps");

// Holds an action until its dialog takes the step; for the form's before_workflow_action.
order_review.review_steps.before_action = function (frm) {
	const action = frm.selected_workflow_action;
	const reasoned = (frm.doc.__onload && frm.doc.__onload.reasoned_actions) || [];
	if (action !== "Send to Opinions" && !reasoned.includes(action)) return;
	frappe.dom.unfreeze();
	action === "Send to Opinions" ? preview_opinions(frm, action) : ask_reason(frm, action);
	return new Promise(() => {}); // the dialog takes the step
};

order_review.review_steps.take = function (frm, action, reason) {
	const { doctype } = frm;
	const { name, modified } = frm.doc;
	return frappe
		.xcall("order_review.api.steps.take", { doctype, name, modified, action, reason })
		.then(() => frm.reload_doc());
};

function ask_reason(frm, action) {
	const kind = { Return: "Return", Veto: "Veto" }[action];
	const fields = [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
	if (kind) {
		const filters = { kind, is_active: 1 };
		const get_query = () => ({ filters });
		fields.unshift({ fieldname: "code", fieldtype: "Link", options: "Review Reason", label: __("Reason Code"), reqd: 1, get_query });
	}
	const take = ({ code, reason }) =>
		order_review.review_steps.take(frm, action, [code, reason].filter(Boolean).join(" "));
	frappe.prompt(fields, take, __(action, null, "Order Review"), __(action, null, "Order Review"));
}

// Who will be asked, until when, and when the answers are to be expected: seen before the document is sent.
function preview_opinions(frm, action) {
	const { doctype, docname: name } = frm;
	frappe.xcall("order_review.api.review_tasks.preview", { doctype, name }).then((rows) => {
		const escape = frappe.utils.escape_html;
		const lines = rows.map((row) => {
			const who = row.users ? __("{0} users", [row.users]) : `<b class="text-danger">${__("nobody has this role")}</b>`;
			const until = row.carried_from ? __("carried over from {0}", [row.carried_from]) : frappe.datetime.str_to_user(row.due_at);
			return `<tr><td>${escape(row.department_name)}</td><td>${row.is_required ? __("Required") : __("For Information")}</td>
				<td>${escape(__(row.role))}: ${who}</td><td>${escape(row.checks || "")}</td><td>${until}</td>
				<td>${frappe.datetime.str_to_user(row.expected_at) || ""}</td></tr>`;
		});
		const heads = [__("Department"), __("Mode"), __("Answered By Role"), __("To Be Judged"), __("Due On"), __("Expected Finish")];
		const finish = whole_finish(rows);
		const whole = finish ? `<p class="text-muted">${__("Expected finish of the whole round: {0}", [finish])}</p>` : "";
		const table = `<table class="table table-sm"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead>
			<tbody>${lines.join("")}</tbody></table>${whole}`;
		const dialog = new frappe.ui.Dialog({
			title: __("Who Will Be Asked"),
			size: "extra-large",
			fields: [{ fieldname: "table", fieldtype: "HTML", options: table }],
			primary_action_label: __(action, null, "Order Review"),
			primary_action: () => dialog.hide() || order_review.review_steps.take(frm, action),
		});
		dialog.show();
	});
}

// The round is over when the last required opinion is there; unknown when nobody can give one of them.
function whole_finish(rows) {
	const awaited = rows.filter((row) => row.is_required && !row.carried_from);
	const last = awaited.map((row) => row.expected_at).sort().pop();
	return awaited.every((row) => row.expected_at) && last ? frappe.datetime.str_to_user(last) : "";
}
