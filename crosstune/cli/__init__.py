"""The command line: parse, call one function, print."""

import signal

__all__ = ["main"]


def main() -> None:
    """Run the `crosstune` command. Its signals are handled before its modules are imported."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until then, Ctrl-C ends it without a traceback
    from crosstune import stopping

    with stopping.command():
        from crosstune.cli._main import main as run

        run()
