// A choice that is only read is drawn by Frappe without the DocType its word belongs to, so that a word with a meaning of
// its own there stays English. Here every choice of our DocTypes gets its word, in forms, their tables, and lists.
const OURS = ["Order Review", "Contracts", "Production Entry", "Option Pricing", "Vehicle Catalogue"];

const is_ours = (doctype) => OURS.includes((frappe.get_meta(doctype) || {}).module);
const choices_of = (doctype) => Object.values(frappe.meta.docfield_map[doctype] || {}).filter((df) => df.fieldtype === "Select");
const word_in = (doctype) => (value) => __(value || "", null, doctype);

// The steps taken name statuses of the document they belong to.
function name_steps() {
	const { from_status, to_status } = frappe.meta.docfield_map["Document Event"];
	from_status.formatter = to_status.formatter = (value, df, options, row) => __(value || "", null, (row && row.parenttype) || cur_frm.doctype);
}

// Frappe draws the menu of steps without telling whose they are, and to receive is something else in accounting.
function name_actions(frm) {
	const say = () => {
		const { transitions = [] } = frappe.workflow.workflows[frm.doctype] || {};
		const words = Object.fromEntries(transitions.map(({ action }) => [__(action), __(action, null, "Order Review")]));
		frm.page.actions.find(".menu-item-label").each((at, label) => {
			const word = words[label.textContent];
			if (word && word !== label.textContent) label.textContent = word;
		});
	};
	new MutationObserver(say).observe(frm.page.actions[0], { childList: true });
}

// As the list draws a choice: a pill that filters by it.
const pill_in = (doctype) => (value, df) =>
	value
		? `<span class="filterable indicator-pill ${frappe.utils.guess_colour(value)} ellipsis" data-filter="${df.fieldname},=,${value}">
			<span class="ellipsis">${__(value, null, doctype)}</span></span>`
		: "";

$(document).on("form-load", (event, frm) => {
	if (!is_ours(frm.doctype)) return;
	const tables = frm.meta.fields.filter((df) => frappe.model.table_fields.includes(df.fieldtype)).map((df) => df.options);
	for (const doctype of [frm.doctype, ...tables]) {
		choices_of(doctype).forEach((df) => (df.formatter = df.formatter || word_in(doctype)));
	}
	if (tables.includes("Document Event")) name_steps();
	name_actions(frm);
});

$(document).on("list_sidebar_setup", () => {
	const { doctype, settings } = window.cur_list || {};
	if (!settings || !is_ours(doctype)) return;
	const pills = Object.fromEntries(choices_of(doctype).map((df) => [df.fieldname, pill_in(doctype)]));
	settings.formatters = { ...pills, ...settings.formatters };
});

// Names of DocTypes, as in "refers to", in the user's language.
frappe.form.link_formatters["DocType"] = (value) => (value ? __(value) : "");
