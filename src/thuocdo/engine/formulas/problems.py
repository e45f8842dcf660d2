"""What can be wrong with a formula, as a code with its place; the words are said where people read them."""


class FormulaProblem(ValueError):
    """A formula that cannot be used.

    `code` is one of: empty, too_long, syntax, not_allowed, unknown_indicator, unknown_function, wrong_arguments,
    not_a_name, units_differ, unit_of_result, percent_factor, cycle, too_large. `at` counts characters from 0;
    `values` fill the words.
    """

    def __init__(self, code: str, *, at: int = 0, **values: str) -> None:
        super().__init__(f"{code} at {at}: {values}" if values else f"{code} at {at}")
        self.code = code
        self.at = at
        self.values = values
