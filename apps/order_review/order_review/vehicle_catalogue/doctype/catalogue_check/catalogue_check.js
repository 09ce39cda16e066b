frappe.ui.form.on("Catalogue Check", {
	setup(frm) {
		show_in_words("Catalogue Check Finding");
		show_in_words("Catalogue Check Order");
	},

	onload(frm) {
		frappe.realtime.on("catalogue_check_progress", (message) => show_progress(frm, message));
	},

	refresh(frm) {
		show_language(frm);
		frm.disable_save();
		if (frm.is_new()) {
			frm.enable_save();
			frm.page.set_primary_action(__("Start"), () => frm.save());
			return;
		}
		frm.page.clear_primary_action();
		if (["Queued", "Running"].includes(frm.doc.status)) watch(frm);
		else show_outcome(frm);
	},
});

function show_progress(frm, { name, percent, what }) {
	if (frm.doc.name !== name) return;
	frm.dashboard.show_progress(__("Catalogue Check"), percent, what);
	if (percent >= 100) setTimeout(() => frm.reload_doc(), 500);
}

// The worker may be done before the page listens.
function watch(frm) {
	frm.set_intro(__("The check runs in the background. You may leave this page."), "blue");
	clearTimeout(frm.catalogue_check_timer);
	frm.catalogue_check_timer = setTimeout(() => {
		const route = frappe.get_route();
		if (route[1] === frm.doctype && route[2] === frm.doc.name) frm.reload_doc();
	}, 3000);
}

function show_outcome(frm) {
	const { status, errors, warnings, failing_orders, rule, fault } = frm.doc;
	if (status === "Failed") {
		frm.set_intro(frappe.utils.escape_html(fault || ""), "red");
		return;
	}
	const counted = rule
		? __("With rule {0} in force: {1} new errors, {2} new warnings, {3} open orders would newly fail.", [
				rule, errors, warnings, failing_orders,
		  ]) // prettier-ignore
		: __("{0} errors, {1} warnings.", [errors, warnings]);
	frm.set_intro(counted, errors || failing_orders ? "red" : warnings ? "orange" : "green");
}

// One message column: that of the user's language.
function show_language(frm) {
	const zh = frappe.boot.lang.startsWith("zh");
	["findings", "orders"].forEach((table) => {
		const grid = frm.fields_dict[table].grid;
		grid.update_docfield_property("message_zh", "in_list_view", zh ? 1 : 0);
		grid.update_docfield_property("message_zh", "columns", 4);
		grid.update_docfield_property("message_en", "in_list_view", zh ? 0 : 1);
		if (table === "findings") grid.update_docfield_property("change", "in_list_view", frm.doc.rule ? 1 : 0);
		grid.reset_grid();
	});
}

// Codes of kinds and findings as words.
function show_in_words(doctype) {
	const fields = frappe.meta.docfield_map[doctype];
	if (fields.kind) fields.kind.formatter = (value) => __(frappe.unscrub(value || ""));
	if (fields.code) fields.code.formatter = (value) => __(value || "");
	if (fields.intent_order) {
		fields.intent_order.formatter = (value) =>
			value ? `<a href="/app/intent-order/${encodeURIComponent(value)}">${frappe.utils.escape_html(value)}</a>` : "";
	}
	fields.severity.formatter = (value) =>
		value ? `<span class="indicator-pill ${value === "error" ? "red" : "orange"}">${__(value, null, "Intent Order Finding")}</span>` : "";
	if (fields.change) fields.change.formatter = (value) => (value ? __(value, null, "Catalogue Check Finding") : "");
}
