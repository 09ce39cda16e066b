"""Documents of signing and its quality: sales contracts, quality assessments, work quality records."""
