// The configurator in the Intent Order form: it reads the form, and writes its choices into the configuration table.

const CONTEXT_FIELDS = [
	"model", "grade", "use", "order_type", "order_date", "quotation_date", "qty", "dest_emission_stage", "price_book",
]; // prettier-ignore
const FIELD_OF = { dest_stage: "dest_emission_stage" };

frappe.ui.form.on("Intent Order", {
	refresh(frm) {
		show(frm);
	},
	...Object.fromEntries(CONTEXT_FIELDS.map((field) => [field, (frm) => restart_soon(frm)])),
});

frappe.ui.form.on("Intent Order Option", {
	vehicle_option: (frm) => restart_soon(frm),
	configuration_remove: (frm) => restart_soon(frm),
});

function show(frm) {
	const wrapper = frm.fields_dict.configurator && frm.fields_dict.configurator.$wrapper.get(0);
	if (!wrapper) return;
	frappe.require(["order_review_configurator.bundle.css", "order_review_configurator.bundle.js"], () => {
		const order = frm.is_new() ? null : frm.doc.name;
		if (frm.configurator && frm.configurator.order === order) {
			restart(frm);
			return;
		}
		if (frm.configurator) frm.configurator.unmount();
		frm.configurator = order_review.mount_configurator(wrapper, {
			source: order_review.configurator_sources.desk(order),
			start: start_of(frm),
			lang: frappe.boot.lang,
			on_change: (codes) => write_back(frm, codes),
		});
		frm.configurator.order = order;
	});
}

function start_of(frm) {
	return { context: context_of(frm), configuration: codes_of(frm), readonly: !may_change(frm) };
}

function context_of(frm) {
	const names = CONTEXT_FIELDS.map((field) => (field === FIELD_OF.dest_stage ? "dest_stage" : field));
	const context = Object.fromEntries(names.map((name) => [name, frm.doc[FIELD_OF[name] || name] || null]));
	const specials = frm.doc.specials || [];
	const leads = specials.map((row) => row.lead_days || 0);
	const price = specials.reduce((sum, row) => sum + (row.is_priced ? row.unit_price || 0 : 0), 0);
	return { ...context, customer: frm.doc.customer || null, longest_lead: Math.max(0, ...leads), specials_price: price };
}

function codes_of(frm) {
	return (frm.doc.configuration || []).map((row) => row.vehicle_option).filter(Boolean);
}

function may_change(frm) {
	return frm.doc.docstatus === 0 && frm.get_field("configuration").disp_status === "Write";
}

const restart_soon = frappe.utils.debounce((frm) => frm.configurator && restart(frm), 300);

// What the form shows now, unless that is what the configurator shows already.
function restart(frm) {
	const start = start_of(frm);
	const session = frm.configurator;
	const shown = JSON.stringify([session.context, [...session.configuration].sort(), session.readonly]);
	if (JSON.stringify([start.context, [...start.configuration].sort(), start.readonly]) !== shown) session.start(start);
}

function write_back(frm, codes) {
	const wanted = new Set(codes);
	const rows = frm.doc.configuration || [];
	const there = new Set(rows.map((row) => row.vehicle_option));
	rows
		.filter((row) => !wanted.has(row.vehicle_option))
		.forEach((row) => frappe.model.clear_doc(row.doctype, row.name));
	codes.filter((code) => !there.has(code)).forEach((code) => frm.add_child("configuration", row_of(frm, code)));
	sort_rows(frm);
	frm.refresh_field("configuration");
	frm.dirty();
}

function row_of(frm, code) {
	const { options, standard } = frm.configurator;
	const option = options[code] || {};
	return {
		vehicle_option: code,
		family: option.family,
		name_zh: option.zh,
		name_en: option.en,
		is_standard: standard.includes(code) ? 1 : 0,
		list_price: option.price || 0,
	};
}

function sort_rows(frm) {
	const families = frm.configurator.families.map((family) => family.code);
	const place = (row) => (families.indexOf(row.family) + 1 || families.length + 1);
	frm.doc.configuration.sort(
		(one, other) => place(one) - place(other) || one.vehicle_option.localeCompare(other.vehicle_option)
	);
	frm.doc.configuration.forEach((row, index) => (row.idx = index + 1));
}
