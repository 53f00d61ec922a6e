"""What the hub tells others by itself: signed notices of jobs, conflicts, mandates and withdrawals."""
