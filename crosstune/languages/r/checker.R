# A checker's decisions are the exit statuses 1 and 2, and R ends with 1 after an error: with 3 instead.
options(error = quote(quit("no", 3L, FALSE)))
source(commandArgs(TRUE)[1], encoding = "UTF-8")
