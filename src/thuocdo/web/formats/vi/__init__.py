"""Vietnamese: figures and dates as in administrative documents."""
