"""Step kinds, one file each: every module with an object ``STEP_KIND`` is a plug-in."""
