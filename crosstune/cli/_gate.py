"""`crosstune gate`."""


def gate() -> None: ...
