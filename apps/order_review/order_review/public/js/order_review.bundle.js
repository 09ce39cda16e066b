import "./review_panel";
