"""What follows the signed contract: production configuration, livery, order entry, milestones and fulfilment."""
