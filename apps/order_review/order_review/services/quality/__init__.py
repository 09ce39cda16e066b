"""Quality of contract signing and of the order administrators' work: assessments, appeals, months, records."""
