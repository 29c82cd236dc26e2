"""Scripts that make the logs in ``tests/logs/written`` with the real harnesses; each has its command on top.

They run in environments of their own, since crosstune does not need any harness:

    python -m venv /tmp/lm && /tmp/lm/bin/pip install lm_eval==0.4.13
    /tmp/lm/bin/python -m tests.logs.harnesses.with_lm_eval

The problems and answers (`toys`) are our own. Each script makes the logs of two runs, A and B, of one model:
what differs between them is planted, and `toys.CAUSES` says why each problem ends differently.
"""
