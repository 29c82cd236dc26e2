"""Problems in, completions out: back ends and the extraction of code from answers."""
