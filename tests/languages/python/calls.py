def nested(rows): return rows
def word(text): return text
def number(value): return value
def flag(value): return value
def grow(items): items.append(len(items))
def swap(pair): return (pair[1], pair[0])
def counts(given): return dict(reversed(given.items()))
def maybe(value): return value
def leave(how):
    if how == 0:
        raise ValueError("no")
    if how == 1:
        exit(0)
    while how == 2:
        pass
    return how
