"""`crosstune serve`: judge programs that clients send over HTTP."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated

import typer

_TOKEN_VARIABLE = "CROSSTUNE_SERVE_TOKEN"  # noqa: S105 - its name
_FEWEST_CHARACTERS = 16


def serve(
    *,
    host: Annotated[
        str,
        typer.Option("--host", help="The address to listen at. Others than this machine's own need a token."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0: any free one, which is printed.")
    ] = 8000,
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help=f"The file with the token that requests must have; default: ${_TOKEN_VARIABLE}.",
        ),
    ] = None,
    without_token: Annotated[
        bool, typer.Option("--without-token", help="Let everyone who reaches --host run programs.")
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs at the same time; 0 means one for each core.")
    ] = 0,
    isolation: Annotated[
        str,
        typer.Option(
            "--isolation", help="Whether tests run apart from the candidate; see `crosstune judge`."
        ),
    ] = "auto",
    cache: Annotated[
        Path | None, typer.Option("--cache", metavar="FILE", help="Keep verdicts in this file.")
    ] = None,
    queue: Annotated[
        int,
        typer.Option("--queue", min=1, help="Programs that may wait or run; more are refused (status 429)."),
    ] = 1024,
    max_body_mib: Annotated[
        int, typer.Option("--max-body-mib", min=1, help="The longest request, in MiB.")
    ] = 64,
    body_seconds: Annotated[
        float, typer.Option("--body-seconds", min=0.1, help="How long a request may take to arrive.")
    ] = 30.0,
    deadline: Annotated[
        float,
        typer.Option("--deadline", min=1, help="Seconds after which a request is answered at the latest."),
    ] = 600.0,
    drain: Annotated[
        float, typer.Option("--drain", min=1, help="Seconds to finish what was accepted, after SIGTERM.")
    ] = 30.0,
    log_requests: Annotated[
        bool, typer.Option("--log-requests", help="Print a line for each request.")
    ] = False,
) -> None:
    """Judge programs that clients send over HTTP: trainers, and other harnesses.

    POST /judge takes batches of programs with tests or cases, as `crosstune judge` does. Trainers and
    harnesses find the routes that they know: /run_code (SandboxFusion: verl, SkyRL, evalscope), /verify (NeMo
    Gym), /rewards/openrlhf, /rewards/slime, /api/v2/execute (Piston) and /execute_batch (open-r1). GET
    /languages, /healthz, /metrics (Prometheus); /docs describes all of them.

    A client that goes away frees its work. SIGTERM (or Ctrl-C) lets the server finish what it has accepted
    and end with status 0; a second signal ends it at once.
    """
    from crosstune import hardware
    from crosstune.cli._isolation import isolation_of
    from crosstune.serving import ServerSettings
    from crosstune.serving import serve as run

    token = _token(token_file)
    _check_exposure(host, token=token, without_token=without_token)
    settings = ServerSettings(
        host=host,
        port=port,
        token=token,
        workers=workers or hardware.cores(),
        isolation=isolation_of(isolation),
        cache=cache,
        most_programs=queue,
        body_bytes=max_body_mib << 20,
        body_seconds=body_seconds,
        deadline_seconds=deadline,
        drain_seconds=drain,
        log_requests=log_requests,
    )
    run(settings, lambda address: typer.echo(f"crosstune serves at {address} (docs: {address}/docs)"))


def _token(file: Path | None) -> str:
    """The token that clients must have; empty: none.

    Raises:
        DataError: the file cannot be read.
        UsageError: the token is none that can be sent, or too short.
    """
    from crosstune.errors import DataError, UsageError

    if file is None:
        where, token = f"${_TOKEN_VARIABLE}", os.environ.get(_TOKEN_VARIABLE, "")
        if not token:
            return ""
    else:
        where = f"--token-file {file}"
        try:
            token = file.read_text("utf-8").strip()
        except OSError as error:
            raise DataError(f"{where}: cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise DataError(f"{where}: expected one line of ASCII text") from None
    if len(token) < _FEWEST_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
        how = 'python -c "import secrets; print(secrets.token_urlsafe(32))" > FILE'
        raise UsageError(
            f"{where}: expected one line of at least {_FEWEST_CHARACTERS} ASCII characters without spaces. "
            f"Make one: {how}"
        )
    return token


def _check_exposure(host: str, *, token: str, without_token: bool) -> None:
    """
    Raises:
        UsageError: others can reach the server, and nothing says that they may.
    """
    from crosstune.errors import UsageError

    if token and without_token:
        raise UsageError("--without-token: there is a token; leave one of the two out")
    if token or without_token or _is_loopback(host):
        return
    raise UsageError(
        f"--host {host}: others can reach this address, and could run programs here. Give a token "
        "(--token-file FILE), or --without-token where the network is closed"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
