"""Reading of orders: from the bytes of a document to the assignments it gives. Pure, rule-based, explainable."""
