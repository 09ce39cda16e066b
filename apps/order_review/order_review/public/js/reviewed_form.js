// What forms of reviewed documents have in common: opinions, conditions, and steps taken for an absent colleague.
frappe.provide("order_review.reviewed_form");

const escape = (text) => frappe.utils.escape_html(text || "");
const link = (doctype, name, text) =>
	`<a href="/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}">${escape(text || name)}</a>`;

function table(heads, lines, empty) {
	if (!lines.length) return `<p class="text-muted">${empty}</p>`;
	const head = heads.map((text) => `<th>${text}</th>`).join("");
	return `<table class="table table-sm"><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

// The opinions of all rounds, newest round first.
order_review.reviewed_form.show_opinions = function (frm, wrapper) {
	if (frm.is_new() || !frm.doc.review_round || !frappe.model.can_read("Review Task")) return wrapper.empty();
	const { doctype, doc } = frm;
	const asked = (frm.__opinions_asked = (frm.__opinions_asked || 0) + 1);
	return frappe.xcall("order_review.api.review_tasks.overview", { doctype, name: doc.name }).then((rows) => {
		if (frm.__opinions_asked !== asked || frm.doc.name !== doc.name) return; // a later question has been asked since
		const heads = [__("Round"), __("Department"), __("Opinion"), __("Note", null, "Order Review"), __("Answered By"), __("Answered or Due On")];
		wrapper.html(table(heads, rows.map(opinion_row), __("No department has been asked yet.")));
	});
};

function opinion_row(row) {
	const said = [row.condition_text, row.acceptable_if, row.note, row.overrule_reason].filter(Boolean).map(escape).join("<br>");
	const word = __(row.opinion || row.status, null, "Review Task");
	const marks = [
		row.is_required ? "" : __("For Information"),
		row.carried_from ? __("carried over from {0}", [row.carried_from]) : "",
		row.is_overruled ? __("Overruled") : "",
		row.opinion && row.status !== "Answered" ? __(row.status, null, "Review Task") : "",
	].filter(Boolean);
	const who = row.user_text || (row.assigned_to ? __("assigned to {0}", [frappe.user.full_name(row.assigned_to)]) : "");
	return `<tr><td>${row.review_round}</td><td>${escape(row.department_name)}</td>
		<td>${link("Review Task", row.name, word)} ${marks.map((mark) => `<small class="text-muted">${escape(mark)}</small>`).join(" ")}</td>
		<td>${said}</td><td>${escape(who)}</td>
		<td>${frappe.datetime.str_to_user(row.answered_at || row.due_at)}</td></tr>`;
}

// The conditions of a document, with what has become of each.
order_review.reviewed_form.show_conditions = function (frm, wrapper) {
	if (frm.is_new() || !frappe.model.can_read("Review Condition")) return wrapper.empty();
	const { doctype, doc } = frm;
	return frappe.xcall("order_review.api.conditions.of_document", { doctype, name: doc.name }).then((rows) => {
		const heads = [__("Condition"), __("Department"), __("Responsible", null, "Order Review"), __("Due"), __("To Be Met Before"), __("Status")];
		wrapper.html(table(heads, rows.map(condition_row), __("No conditions.")));
		offer_condition(frm, wrapper);
	});
};

function offer_condition(frm, wrapper) {
	if (!order_review.guarded_form.offers(frm, "add_condition")) return;
	$(`<button class="btn btn-xs btn-default">${__("Add Condition")}</button>`)
		.appendTo(wrapper)
		.on("click", () => ask_condition(frm, wrapper));
}

// Who can be named: a user or a department, whom reminders reach; another name may be written as well.
order_review.reviewed_form.responsible_field = function (doctype, name, fieldname, more = {}) {
	const field = {
		fieldname,
		fieldtype: "Autocomplete",
		label: __("Responsible", null, "Order Review"),
		ignore_validation: 1,
		options: [],
		description: __("A user or a department is reminded; for any other name the department that sets the condition is."),
		...more,
	};
	const fill = (control) =>
		frappe
			.xcall("order_review.api.conditions.responsible_choices", { doctype, name })
			.then((options) => control && control.set_data(options));
	return { field, fill };
};

function ask_condition(frm, wrapper) {
	const { doctype, doc } = frm;
	const who = order_review.reviewed_form.responsible_field(doctype, doc.name, "responsible", { reqd: 1 });
	const stages = ["Contract Effective", "Release", "Delivery"].map((value) => ({ value, label: __(value, null, "Review Condition") }));
	const fields = [
		{ fieldname: "condition_text", fieldtype: "Small Text", label: __("Condition"), reqd: 1 },
		who.field,
		{ fieldname: "due_date", fieldtype: "Date", label: __("Due"), reqd: 1 },
		{ fieldname: "due_before", fieldtype: "Select", label: __("To Be Met Before"), options: stages, reqd: 1 },
	];
	const add = (values) =>
		frappe
			.xcall("order_review.api.conditions.add", { doctype, name: doc.name, values })
			.then(() => order_review.reviewed_form.show_conditions(frm, wrapper));
	who.fill(frappe.prompt(fields, add, __("Add Condition"), __("Add Condition")).get_field("responsible"));
}

function condition_row(row) {
	const [word, colour] = order_review.reviewed_form.condition_indicator(row);
	const file = row.evidence_file && `<a href="${encodeURI(row.evidence_file)}" target="_blank">${escape(row.evidence_file.split("/").pop())}</a>`;
	const more = [escape(row.evidence || row.waive_reason), file].filter(Boolean).join(" · ");
	return `<tr><td>${link("Review Condition", row.name, row.condition_text)}</td><td>${escape(row.department_name)}</td>
		<td>${escape(row.responsible_name)}</td><td>${frappe.datetime.str_to_user(row.due_date) || ""}</td>
		<td>${__(row.due_before, null, "Review Condition")}</td>
		<td><span class="indicator-pill ${colour}">${word}</span>${more ? `<br><small class="text-muted">${more}</small>` : ""}</td></tr>`;
}

// Word and colour of a condition's state; what is open after its day is overdue.
order_review.reviewed_form.condition_indicator = function (row) {
	const late = row.status === "Open" && row.due_date && row.due_date < frappe.datetime.get_today();
	const colours = { Open: "orange", Met: "green", Waived: "gray", Void: "gray" };
	const word = __(row.status, null, "Review Condition");
	return late ? [`${word} · ${__("Overdue", null, "Order Review")}`, "red"] : [word, colours[row.status]];
};

// Actions of an absent colleague: offered apart, so that nobody takes them without knowing for whom.
$(document).on("form-refresh", (event, frm) => {
	const actions = (frm.doc.__onload && frm.doc.__onload.delegated_actions) || [];
	if (frm.is_new() || frm.is_dirty()) return;
	actions.forEach((row) => {
		const group = __("Acting for {0}", [row.absent_name]);
		frm.add_custom_button(__(row.action, null, "Order Review"), () => take_for_absent(frm, row), group);
	});
});

function take_for_absent(frm, row) {
	const title = `${__(row.action, null, "Order Review")} · ${__("Acting for {0}", [row.absent_name])}`;
	if (!row.needs_reason) {
		const question = __("{0}: {1}, acting for {2} ({3})?", [frm.doc.name, __(row.action, null, "Order Review"), row.absent_name, __(row.role)]);
		frappe.confirm(escape(question), () => take(frm, row.action));
		return;
	}
	const fields = [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
	if (["Return", "Veto"].includes(row.action) && "review_round" in frm.doc) {
		const get_query = () => ({ filters: { kind: row.action, is_active: 1 } });
		fields.unshift({ fieldname: "code", fieldtype: "Link", options: "Review Reason", label: __("Reason Code"), reqd: 1, get_query });
	}
	frappe.prompt(fields, ({ code, reason }) => take(frm, row.action, [code, reason].filter(Boolean).join(" ")), title, __(row.action, null, "Order Review"));
}

function take(frm, action, reason) {
	const { doctype } = frm;
	const { name, modified } = frm.doc;
	return frappe
		.xcall("order_review.api.steps.take", { doctype, name, modified, action, reason })
		.then(() => frm.reload_doc());
}

// Word and colour of a substitution on the present day.
order_review.delegation_indicator = function (doc) {
	const today = frappe.datetime.get_today();
	if (!doc.is_active) return [__("Revoked", null, "Order Review"), "gray"];
	if (doc.to_date < today) return [__("Ended"), "gray"];
	if (doc.from_date > today) return [__("To Come"), "blue"];
	return [__("In Force"), "green"];
};
