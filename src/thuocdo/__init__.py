"""Thước Đo: orders in, tasks out, results measured, bodies ranked, the public informed."""
