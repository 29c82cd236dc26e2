"""Examples filtered, de-duplicated, mixed and stored."""
