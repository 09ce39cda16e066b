import "./guarded_form";
import "./reviewed_form";
import "./review_steps";
import "./review_panel";
import "./price_rehearsal";
import "./small_records";
import "./task_sheet";
import "./list_filters";
