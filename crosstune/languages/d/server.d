// Values between judge and candidate, and the loop that answers calls; see docs/values.md. Nothing here needs
// protection from the candidate: all that it can change is what it answers.
struct crosstune_Source {
    const(ubyte)[] data;

    const(ubyte)[] take(size_t count) {
        auto found = data[0 .. count];
        data = data[count .. $];
        return found;
    }

    ulong number(size_t count) {
        ulong sum = 0;
        foreach (each; take(count)) sum = sum << 8 | each;
        return sum;
    }

    string text() { return cast(string) take(cast(size_t) number(4)).idup; }
}

void crosstune_put(ref ubyte[] made, ulong value, int bytes) {
    foreach_reverse (at; 0 .. bytes) made ~= cast(ubyte)(value >> (8 * at));
}

void crosstune_text(ref ubyte[] made, const(char)[] text) {
    crosstune_put(made, text.length, 4);
    made ~= cast(const(ubyte)[]) text;
}

T crosstune_read(T)(ref crosstune_Source source) {
    import std.traits, std.typecons, std.conv;
    char tag = cast(char) source.take(1)[0];
    static if (isInstanceOf!(Nullable, T)) {
        if (tag == 'N') return T.init;
        source.data = (cast(const(ubyte)*) source.data.ptr - 1)[0 .. source.data.length + 1];
        return T(crosstune_read!(TemplateArgsOf!T[0])(source));
    } else static if (__traits(hasMember, T, "AllowedTypes")) {
        source.data = (cast(const(ubyte)*) source.data.ptr - 1)[0 .. source.data.length + 1];
        foreach (U; T.AllowedTypes) if (crosstune_fits!U(tag)) return T(crosstune_read!U(source));
        throw new Exception("a value of another type");
    } else static if (is(T == bool)) return tag == 'T';
    else static if (isSomeChar!T) return cast(T) source.number(4);
    else static if (isIntegral!T) return cast(T) source.number(tag == 'I' ? cast(size_t) source.number(4) : 8);
    else static if (isFloatingPoint!T) {
        if (tag == 'i') return cast(T) cast(long) source.number(8);
        ulong bits = source.number(8);
        return cast(T) *cast(double*) &bits;
    } else static if (isSomeString!T || (isArray!T && isSomeChar!(typeof(T.init[0])))) return source.text.to!T;
    else static if (isInstanceOf!(Tuple, T)) {
        T made;
        source.number(4);
        foreach (ref each; made.expand) each = crosstune_read!(Unqual!(typeof(each)))(source);
        return made;
    } else static if (isAssociativeArray!T) {
        Unqual!(ValueType!T)[Unqual!(KeyType!T)] made;
        foreach (_; 0 .. source.number(4)) {
            auto key = crosstune_read!(Unqual!(KeyType!T))(source);
            made[key] = crosstune_read!(Unqual!(ValueType!T))(source);
        }
        return cast(T) made;
    } else static if (isArray!T) {
        Unqual!(typeof(T.init[0]))[] made;
        foreach (_; 0 .. source.number(4)) made ~= crosstune_read!(Unqual!(typeof(T.init[0])))(source);
        static if (isStaticArray!T) { T fixed = made[0 .. T.length]; return fixed; } else return cast(T) made;
    } else static assert(0, "a value of the type " ~ T.stringof ~ " cannot be given");
}

bool crosstune_fits(T)(char tag) {
    import std.traits, std.typecons;
    static if (is(T == bool)) return tag == 'T' || tag == 'F';
    else static if (isIntegral!T) return tag == 'i';
    else static if (isFloatingPoint!T) return tag == 'd';
    else static if (isSomeString!T) return tag == 's';
    else static if (isAssociativeArray!T) return tag == 'm';
    else return tag == 'l' || tag == 't';
}

void crosstune_write(T)(ref ubyte[] made, T value) {
    import std.traits, std.typecons, std.conv, std.range, std.utf;
    static if (is(T == typeof(null))) made ~= 'N';
    else static if (isInstanceOf!(Nullable, T)) {
        if (value.isNull) made ~= 'N'; else crosstune_write(made, value.get);
    } else static if (__traits(hasMember, T, "AllowedTypes")) {
        foreach (U; T.AllowedTypes) if (auto found = value.peek!U) { crosstune_write(made, *found); return; }
        made ~= 'N';
    } else static if (is(T == bool)) made ~= value ? 'T' : 'F';
    else static if (isSomeChar!T) { made ~= 'c'; crosstune_put(made, value, 4); }
    else static if (isIntegral!T) {
        static if (is(Unqual!T == ulong)) if (value > long.max) {
            made ~= 'I';
            crosstune_put(made, 9, 4);
            made ~= 0;
            crosstune_put(made, value, 8);
            return;
        }
        made ~= 'i';
        crosstune_put(made, cast(ulong) cast(long) value, 8);
    } else static if (isFloatingPoint!T) {
        static if (is(Unqual!T == float)) double same = (value != value || value - value != 0) ? value : text(value).to!double;
        else double same = cast(double) value;
        made ~= 'd';
        crosstune_put(made, *cast(ulong*) &same, 8);
    } else static if (isSomeString!T || (isArray!T && isSomeChar!(typeof(T.init[0])))) {
        string shown = value.to!string;
        bool isText = true;
        try validate(shown); catch (UTFException) isText = false;
        made ~= isText ? 's' : 'b';
        crosstune_text(made, shown);
    } else static if (isInstanceOf!(Tuple, T)) {
        made ~= 't';
        crosstune_put(made, value.expand.length, 4);
        foreach (each; value.expand) crosstune_write(made, each);
    } else static if (isAssociativeArray!T) {
        made ~= 'm';
        crosstune_put(made, value.length, 4);
        foreach (key, each; value) { crosstune_write(made, key); crosstune_write(made, each); }
    } else static if (isArray!T) {
        made ~= 'l';
        crosstune_put(made, value.length, 4);
        foreach (each; value) crosstune_write(made, each);
    } else static if (isInputRange!T) crosstune_write(made, value.array);
    else { made ~= 'o'; crosstune_text(made, T.stringof); }
}

ubyte[] crosstune_answer(alias function_)(ref crosstune_Source source) {
    import std.traits, std.typecons;
    Tuple!(staticMap_!(Parameters!function_)) arguments;
    foreach (ref each; arguments.expand) each = crosstune_read!(typeof(each))(source);
    ubyte[][] before;
    foreach (ref each; arguments.expand) { ubyte[] made; crosstune_write(made, each); before ~= made; }
    ubyte[] made;
    try {
        static if (is(ReturnType!function_ == void)) { function_(arguments.expand); made = ['R', 'N']; }
        else { auto result = function_(arguments.expand); made = ['R']; crosstune_write(made, result); }
    } catch (Throwable problem) {
        import core.exception : OutOfMemoryError;
        if (cast(OutOfMemoryError) problem) throw problem;
        made = ['E'];
        string name = typeid(problem).name;
        foreach_reverse (at, each; name) if (each == '.') { name = name[at + 1 .. $]; break; }
        crosstune_text(made, name);
        crosstune_text(made, problem.msg);
        crosstune_text(made, "");
    }
    ubyte[] changes;
    uint count = 0;
    foreach (at, ref each; arguments.expand) {
        ubyte[] after;
        crosstune_write(after, each);
        if (after != before[at]) { count++; crosstune_put(changes, at, 4); changes ~= after; }
    }
    crosstune_put(made, count, 4);
    made ~= changes;
    crosstune_put(made, 0, 8);
    return made;
}

template staticMap_(Types...) {
    import std.traits : Unqual;
    import std.meta : staticMap;
    alias staticMap_ = staticMap!(Unqual, Types);
}

ubyte[] crosstune_called(const(ubyte)[] question) {
    auto source = crosstune_Source(question);
    source.take(1);
    string name = source.text;
    source.take(5);
    switch (name) {
        CASES
        default: throw new Exception("the candidate has no function " ~ name);
    }
}

void crosstune_send(ref imported!"std.stdio".File writer, const(ubyte)[] frame) {
    import core.stdc.stdlib : exit;
    ubyte[] size;
    crosstune_put(size, frame.length, 4);
    writer.rawWrite(size);
    if (frame.length <= 16 << 20 && frame.length) writer.rawWrite(frame);
    writer.flush();
    if (frame.length > 16 << 20) exit(1);
}

void main() {
    import std.stdio : File, stdout;
    auto reader = File("/dev/fd/5", "rb"), writer = File("/dev/fd/6", "wb");
    crosstune_send(writer, ['H', 1]);
    ubyte[4] head;
    while (reader.rawRead(head[]).length == 4) {
        auto source = crosstune_Source(head[]);
        auto question = new ubyte[cast(size_t) source.number(4)];
        auto reply = crosstune_called(reader.rawRead(question));
        stdout.flush();
        crosstune_send(writer, reply);
    }
}
