import "./guarded_form";
import "./reviewed_form";
import "./review_panel";
import "./price_rehearsal";
