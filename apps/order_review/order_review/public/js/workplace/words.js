// How times and hours are written in the monitor.
const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

export const hours = (value) => (value == null ? "–" : number.format(value));

// Day and minute, written as everywhere: year, month, day.
export const moment_of = (value) => (value ? moment(value).format("YYYY-MM-DD HH:mm") : "–");

export function day_of(value) {
	return value ? value.slice(0, 10) : "–";
}

export const SIDES = {
	ours: () => __("Ours"),
	dealer: () => __("Sales and dealer"),
	supplier: () => __("Supplier"),
};

// In words, so that nothing hangs on colour: overdue by so much, waits, or how much is left.
export function clock_text(row) {
	if (row.is_paused) return __("paused: waits for an answer");
	if (row.is_overdue) return __("overdue by {0} h", [hours(row.hours_over)]);
	if (row.hours_allowed == null || row.hours_used == null) return row.due_at ? "" : __("no due time");
	return __("{0} h left", [hours(Math.max(row.hours_allowed - row.hours_used, 0))]);
}

// Share of the allowed hours that are used, 0 to 1; null when nothing is allowed.
export function share(row) {
	if (!row.hours_allowed || row.hours_used == null) return null;
	return Math.min(row.hours_used / row.hours_allowed, 1);
}
