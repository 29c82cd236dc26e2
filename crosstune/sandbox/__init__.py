"""Run commands in isolation and within limits. This package knows nothing about languages."""

from crosstune.sandbox._archive import FileArchive
from crosstune.sandbox._fork_server import Kind, SandboxDied
from crosstune.sandbox._probe import Enforcement, probe
from crosstune.sandbox._records import Limit, Outcome
from crosstune.sandbox._runner import Running, SandboxRunner
from crosstune.sandbox._service import Answer, Reply, Service, ServiceFailed, ServiceLimits, ServiceOptions

__all__ = [
    "Answer",
    "Enforcement",
    "FileArchive",
    "Kind",
    "Limit",
    "Outcome",
    "Reply",
    "Running",
    "SandboxDied",
    "SandboxRunner",
    "Service",
    "ServiceFailed",
    "ServiceLimits",
    "ServiceOptions",
    "probe",
]
