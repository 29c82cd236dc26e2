"""Prompt forms, one file each: how what is asked and what is answered become text."""
