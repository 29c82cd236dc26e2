"""`crosstune mine`."""


def mine() -> None: ...
