"""An experiment as one file: specification, plan, store, run."""
