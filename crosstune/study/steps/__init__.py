"""Step kinds, one file each: a module with an object ``STEP_KIND`` is found as a plug-in."""
