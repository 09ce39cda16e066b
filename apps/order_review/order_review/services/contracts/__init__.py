"""Sales contracts: made from valid intent orders, compared, priced, signed, effective."""
