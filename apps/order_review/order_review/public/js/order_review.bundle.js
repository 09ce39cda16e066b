import "./review_panel";
import "./price_rehearsal";
