"""Entering figures: by hand for a body and a period, or with a spreadsheet that goes out and comes back."""
