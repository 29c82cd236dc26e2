"""From rates to findings: transfer, gains, correlations."""
