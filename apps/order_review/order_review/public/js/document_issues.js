// Questions about a document under review and its clocks, on the forms of all documents that have the fields for them.
frappe.provide("order_review.issues");

for (const doctype of ["Intent Order", "Sales Contract", "Production Configuration"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new()) return;
			order_review.issues.show(frm);
			order_review.issues.show_time(frm);
		},
	});
}

const ISSUE = "Technical Issue";
const ISSUE_COLOURS = { Open: "orange", Reopened: "orange", Answered: "blue", Closed: "green" };

order_review.issues.show = function (frm) {
	const field = frm.fields_dict.issues_html;
	if (!field || !frappe.model.can_read(ISSUE)) return;
	if (order_review.guarded_form.offers(frm, "ask_question")) {
		frm.add_custom_button(__("Ask a Question"), () => order_review.issues.ask(frm));
		ask_about_row(frm);
	}
	const { doctype, docname: name } = frm;
	frappe.xcall("order_review.api.technical_issues.overview", { doctype, name }).then((rows) => {
		const open = rows.filter((row) => row.status !== "Closed");
		field.$wrapper.html(issues_table(rows));
		show_badge(frm, open);
		if (order_review.guarded_form.offers(frm, "take_over")) {
			frm.add_custom_button(__("Take Over Answered Proposals"), () => take_over(frm)).addClass("btn-primary");
		}
	});
};

// From a marked row of the configuration the question hangs on its family.
function ask_about_row(frm) {
	const table = frm.fields_dict.configuration || frm.fields_dict.options;
	if (!table || !table.grid) return;
	table.grid.add_custom_button(__("Ask About the Marked Row"), () => {
		const [row] = table.grid.get_selected_children();
		order_review.issues.ask(frm, row && row.family);
	});
}

function show_badge(frm, open) {
	if (!open.length) return;
	const blocking = open.filter((row) => row.blocking).length;
	const text = blocking
		? __("{0} questions are open, {1} of them block the review.", [open.length, blocking])
		: __("{0} questions are open.", [open.length]);
	frm.dashboard.set_headline(`<span class="indicator ${blocking ? "red" : "orange"}">${text}</span>`);
}

function issues_table(rows) {
	if (!rows.length) return `<p class="text-muted">${__("No question has been asked.")}</p>`;
	const escape = (text) => frappe.utils.escape_html(text || "");
	const lines = rows.map((row) => {
		const label = __(row.status, null, ISSUE) + (row.is_overdue ? ` · ${__("Overdue", null, "Order Review")}` : "");
		const proposed = row.answer_option || row.answer_value;
		const marks = [
			proposed ? `${__("Proposed Value")}: <b>${escape(proposed)}</b>` : "",
			row.taken_over_at ? __("Taken over") : row.is_accepted ? __("Accepted") : "",
		].filter(Boolean);
		return `<tr>
			<td style="white-space: nowrap"><a href="/app/technical-issue/${encodeURIComponent(row.name)}">${escape(row.name)}</a></td>
			<td><span class="indicator-pill ${row.is_overdue ? "red" : ISSUE_COLOURS[row.status]}">${label}</span>
				${row.blocking ? `<span class="indicator-pill red">${__("Blocks")}</span>` : ""}</td>
			<td>${escape(row.family || (row.field_name && field_label(row.field_name)))}</td>
			<td>${escape(row.question)}</td>
			<td>${escape(row.answer)}${marks.length ? `<br><small class="text-muted">${marks.join(" · ")}</small>` : ""}</td>
			<td>${escape(frappe.user.full_name(row.raised_by))}</td>
			<td>${row.due_at ? frappe.datetime.str_to_user(row.due_at) : ""}</td></tr>`;
	});
	const heads = [__("Number", null, "Order Review"), __("Status"), __("About"), __("What Is Asked"), __("Answer"), __("Raised By", null, "Order Review"), __("Due On")];
	return `<table class="table table-sm"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead>
		<tbody>${lines.join("")}</tbody></table>`;
}

function field_label(name) {
	const df = cur_frm && frappe.meta.get_docfield(cur_frm.doctype, name);
	return df ? __(df.label, null, cur_frm.doctype) : name;
}

// A question hangs on a family, on a field, or on the whole document.
order_review.issues.ask = function (frm, family) {
	const { doctype, docname: name } = frm;
	frappe.xcall("order_review.api.technical_issues.fields_to_ask", { doctype, name }).then((fields) => {
		const technical = frappe.user.has_role(["Technical Reviewer", "Quality Reviewer", "Production Management Reviewer"]);
		const kinds = ["Technical", "Question"].map((value) => ({ value, label: __(value, null, ISSUE) }));
		const dialog = new frappe.ui.Dialog({
			title: __("Ask a Question"),
			fields: [
				{ fieldname: "kind", fieldtype: "Select", label: __("Kind"), options: kinds, default: technical ? "Technical" : "Question", reqd: 1 },
				{ fieldname: "blocking", fieldtype: "Check", label: __("Blocks the Review", null, ISSUE), default: technical ? 1 : 0 },
				{ fieldtype: "Column Break" },
				{ fieldname: "family", fieldtype: "Link", options: "Option Family", label: __("Option Family"), default: family, depends_on: "eval:!doc.field_name" },
				{ fieldname: "field_name", fieldtype: "Autocomplete", options: fields, label: __("Field"), depends_on: "eval:!doc.family" },
				{ fieldtype: "Section Break" },
				{ fieldname: "question", fieldtype: "Small Text", label: __("What Is Asked"), reqd: 1 },
				{ fieldname: "proposal", fieldtype: "Small Text", label: __("Proposal", null, ISSUE) },
				{ fieldname: "evidence", fieldtype: "Attach", label: __("Evidence", null, ISSUE) },
			],
			primary_action_label: __("Ask"),
			primary_action: (question) =>
				frappe.xcall("order_review.api.technical_issues.ask", { doctype, name, question }).then(() => {
					dialog.hide();
					frm.reload_doc();
				}),
		});
		dialog.show();
	});
};

function take_over(frm) {
	const { doctype, docname: name } = frm;
	frappe.xcall("order_review.api.technical_issues.take_over", { doctype, name }).then((taken) => {
		frappe.show_alert({ message: __("{0} proposals are in the document now.", [taken.length]), indicator: "green" });
		frm.reload_doc();
	});
}

order_review.issues.show_time = function (frm) {
	const field = frm.fields_dict.time_html;
	if (!field) return;
	const { doctype, docname: name } = frm;
	frappe.xcall("order_review.api.technical_issues.time_split", { doctype, name }).then(({ hours, ball, expected }) => {
		const names = { ours: __("Ours"), dealer: __("Salesperson and Dealer"), supplier: __("Supplier") };
		const total = Object.values(hours).reduce((sum, value) => sum + value, 0);
		const cells = Object.entries(names).map(([side, label]) => {
			const share = total ? Math.round((hours[side] / total) * 100) : 0;
			const mark = ball === side ? ` <span class="indicator-pill blue">${__("has the ball")}</span>` : "";
			return `<td><div class="text-muted">${label}${mark}</div><b>${__("{0} h", [hours[side].toFixed(1)], "Order Review")}</b> <small>${share} %</small></td>`;
		});
		const finish = expected && ball === "ours"
			? `<p>${__("Expected finish of the opinions from the present queue: {0}", [`<b>${frappe.datetime.str_to_user(expected)}</b>`])}</p>`
			: "";
		field.$wrapper.html(`<table class="table table-sm" style="table-layout: fixed"><tbody><tr>${cells.join("")}</tr></tbody></table>${finish}`);
	});
};
