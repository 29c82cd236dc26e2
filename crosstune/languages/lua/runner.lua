-- Where a started interpreter is forked: it opens the script that judges. Lua has no function that forks.
dofile(arg[1])
