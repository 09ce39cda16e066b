frappe.ui.form.on("Order Review Settings", {
	refresh(frm) {
		const warning = (frm.doc.__onload || {}).calendar_warning;
		frm.set_intro("");
		if (warning) frm.set_intro(frappe.utils.escape_html(warning), "orange");
		if (frm.perm[0] && frm.perm[0].write) frm.add_custom_button(__("Import Holiday Calendar"), () => import_calendar(frm));
		const { grid } = frm.fields_dict.opinion_routing;
		grid.add_custom_button(__("Edit Condition"), () => {
			const [row] = grid.get_selected_children();
			const process = row && row.process_name;
			if (process) frappe.xcall("order_review.api.review_tasks.routing_fields", { process }).then((fields) => edit_condition(row, fields));
			else frappe.show_alert({ message: __("Tick the row whose condition you want to edit."), indicator: "orange" });
		});
	},
});

// A published year of days off and days worked instead, from a file of a calendar program or of an open data project.
function import_calendar(frm) {
	new frappe.ui.FileUploader({
		allow_multiple: false,
		folder: "Home",
		make_attachments_public: false,
		restrictions: { allowed_file_types: [".ics", ".json"], max_file_size: 2 * 1024 * 1024 },
		on_success: ({ name }) =>
			frappe.xcall("order_review.api.working_calendar.import_calendar", { file: name }).then(({ message }) => {
				frappe.msgprint({ title: __("Calendar Imported"), message: frappe.utils.escape_html(message), indicator: "green" });
				frm.reload_doc();
			}),
	});
}

const TERM = /^(not\s+)?(\w+)(?:\s*(==|!=|>=|<=|>|<)\s*('[^']*'|\S+))?$/;

// A condition as rows: field, operator, value; what has parentheses stays as text.
function edit_condition(row, fields) {
	const terms = terms_of(row.condition);
	if (!terms) {
		frappe.show_alert({ message: __("This condition is too deep for rows; edit it as text."), indicator: "orange" });
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("When is {0} asked?", [row.department]),
		size: "large",
		fields: [
			{
				fieldname: "joined",
				fieldtype: "Select",
				label: __("The rows hold"),
				options: [
					{ value: "or", label: __("any of them") },
					{ value: "and", label: __("all of them") },
				],
				default: / and /.test(row.condition) ? "and" : "or",
			},
			{
				fieldname: "terms",
				fieldtype: "Table",
				label: __("Condition; no row means always"),
				data: terms,
				fields: [
					{ fieldname: "field", fieldtype: "Select", label: __("Field"), options: Object.keys(fields), in_list_view: 1, reqd: 1 },
					{ fieldname: "operator", fieldtype: "Select", label: __("Operator", null, "Order Review"), options: ["is true", "is false", "==", "!=", ">=", "<=", ">", "<"], in_list_view: 1, reqd: 1 },
					{ fieldname: "value", fieldtype: "Data", label: __("Value"), in_list_view: 1 },
				],
			},
		],
		primary_action_label: __("Apply"),
		primary_action: ({ joined, terms }) => {
			frappe.model.set_value(row.doctype, row.name, "condition", (terms || []).map(text_of).join(` ${joined} `) || "always");
			dialog.hide();
		},
	});
	dialog.show();
}

function text_of({ field, operator, value = "" }) {
	if (operator === "is true") return field;
	if (operator === "is false") return `not ${field}`;
	return `${field} ${operator} ${/^[\w.]+$/.test(value) ? value : `'${value.replace(/'/g, "")}'`}`;
}

// Null where rows cannot say it: parentheses, or both "and" and "or".
function terms_of(condition) {
	const text = (condition || "always").trim();
	if (text === "always") return [];
	if (/ and /.test(text) && / or /.test(text)) return null;
	const found = text.split(/\s+(?:or|and)\s+/).map((part) => part.match(TERM));
	if (!found.every(Boolean)) return null;
	return found.map(([, not, field, operator, value = ""]) => ({
		field,
		operator: operator || (not ? "is false" : "is true"),
		value: value.replace(/^'|'$/g, ""),
	}));
}
