"""Where a number comes from: the page of one measurement, and how old a figure may be."""
