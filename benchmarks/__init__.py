"""What ``make bench`` runs: each figure measured beside what it is compared with."""
