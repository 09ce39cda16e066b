"""From the signed line to the plant: production configuration, and its order entry into ERPNext."""
