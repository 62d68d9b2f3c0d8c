"""What the platform says of itself: logs, metrics, the audit trail. Refuses secrets in any of them."""
