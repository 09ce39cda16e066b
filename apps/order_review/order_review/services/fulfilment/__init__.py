"""What happens to a released line: livery, milestones, coordination, expediting, delivery and payment."""
