using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

/// A value that is not of the type that is declared, or one that cannot be sent.
public sealed class CrosstuneUnreadable : Exception
{
    public CrosstuneUnreadable(string message) : base(message) { }
}

/// A call that is ready to be made: what makes it, and the arguments as they are before or after it.
public sealed class CrosstuneCall
{
    public readonly Func<object> Make;
    public readonly Func<object[]> Arguments;

    public CrosstuneCall(Func<object> make, Func<object[]> arguments)
    {
        Make = make;
        Arguments = arguments;
    }

    /// A result of the type that is declared.
    public static object As<T>(T result) { return result; }
}

/// Reads the values of a question as the types that are declared; see docs/values.md.
public sealed class CrosstuneSource
{
    readonly byte[] data;
    int at;

    public CrosstuneSource(byte[] data) { this.data = data; }

    public char Tag() { return (char)data[at++]; }
    public T Read<T>() { return (T)Value(typeof(T)); }

    public int Count() { return (int)Number(4); }

    public string Text()
    {
        int end = Count() + at;
        var text = new StringBuilder();
        while (at < end) text.Append(Code(data[at++]));
        return text.ToString();
    }

    ulong Number(int bytes)
    {
        ulong sum = 0;
        while (bytes-- > 0) sum = sum << 8 | data[at++];
        return sum;
    }

    /// The rest of a character in UTF-8; that of a lone surrogate is the surrogate.
    string Code(byte first)
    {
        int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        int code = more == 0 ? first : first & (0x3f >> more);
        while (more-- > 0) code = code << 6 | data[at++] & 0x3f;
        return code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32(code);
    }

    object Value(Type type)
    {
        char tag = Tag();
        if (tag == 'N') return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (tag == 'T' || tag == 'F') return tag == 'T';
        if (tag == 'i' || tag == 'I' || tag == 'd') return Numeric(tag, type);
        if (tag == 's') return Text();
        if (tag == 'c') return (char)Count();
        if (tag == 'b') return Made(type, Enumerable.Range(0, Count()).Select(_ => (object)data[at++]).ToList());
        if (tag == 'l' || tag == 't' || tag == 'S') return Items(type);
        if (tag == 'm') return Entries(type);
        throw new CrosstuneUnreadable("a value with the tag " + tag);
    }

    object Numeric(char tag, Type type)
    {
        if (tag == 'd')
        {
            double number = BitConverter.Int64BitsToDouble((long)Number(8));
            return type == typeof(float) ? (float)number : type == typeof(decimal) ? (object)(decimal)number : number;
        }
        if (tag == 'I')
        {
            byte[] bytes = new byte[Count()];
            for (int left = bytes.Length; left > 0;) bytes[--left] = data[at++];
            var large = new BigInteger(bytes);
            return type == typeof(ulong) ? (object)(ulong)large : large;
        }
        long whole = (long)Number(8);
        if (type == typeof(BigInteger)) return new BigInteger(whole);
        if (type != typeof(object)) return Convert.ChangeType(whole, type);
        return whole >= int.MinValue && whole <= int.MaxValue ? (object)(int)whole : whole;
    }

    object Items(Type type)
    {
        Type[] kinds = type.GetGenericArguments();
        int count = Count();
        if (CrosstuneTypes.IsTuple(type)) return Tuple(type, kinds);
        Type item = type.IsArray ? type.GetElementType() : kinds.Length == 1 ? kinds[0] : typeof(object);
        var items = new List<object>();
        while (count-- > 0) items.Add(Value(item));
        return Made(type, items);
    }

    /// The eighth part of a tuple is a tuple of the rest.
    object Tuple(Type type, Type[] kinds)
    {
        object[] items = kinds.Select((kind, place) => place == 7 ? Tuple(kind, kind.GetGenericArguments()) : Value(kind)).ToArray();
        return Activator.CreateInstance(type, items);
    }

    static object Made(Type type, List<object> items)
    {
        Type item = type.IsArray ? type.GetElementType() : type.GetGenericArguments().FirstOrDefault() ?? typeof(object);
        Array array = Array.CreateInstance(item, items.Count);
        for (int place = 0; place < items.Count; place++) array.SetValue(items[place], place);
        if (type.IsArray) return array;
        Type list = typeof(List<>).MakeGenericType(item);
        if (type.IsAssignableFrom(list)) return Activator.CreateInstance(list, array);
        Type set = typeof(HashSet<>).MakeGenericType(item);
        return Activator.CreateInstance(type.IsAssignableFrom(set) ? set : type, array);
    }

    object Entries(Type type)
    {
        Type[] kinds = type.GetGenericArguments();
        if (kinds.Length != 2) kinds = new[] { data[at + 4] == 's' ? typeof(string) : typeof(object), typeof(object) };
        Type usual = typeof(Dictionary<,>).MakeGenericType(kinds);
        var made = (IDictionary)Activator.CreateInstance(type.IsAssignableFrom(usual) ? usual : type);
        for (int count = Count(); count > 0; count--)
        {
            object key = Value(kinds[0]);
            made[key] = Value(kinds[1]);
        }
        return made;
    }
}

/// Writes values as what they are.
public sealed class CrosstuneWriter
{
    public const int MostBytes = 16 << 20;
    const int Deepest = 200, MostItems = 100000;
    readonly List<byte> made = new List<byte>();

    public int Length { get { return made.Count; } }
    public byte[] Bytes() { return made.ToArray(); }
    public void Add(byte[] bytes) { made.AddRange(bytes); }
    public void Tag(char tag) { made.Add((byte)tag); }
    public void Count(int count) { Number((ulong)count, 4); }

    void Number(ulong value, int bytes)
    {
        while (bytes-- > 0) made.Add((byte)(value >> 8 * bytes));
    }

    /// Pairs of surrogates are one character; a lone one has the three bytes of its code.
    public void Text(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            int code = isPair ? char.ConvertToUtf32(text[at], text[++at]) : text[at];
            if (code < 0x80)
            {
                bytes.Add((byte)code);
                continue;
            }
            int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
            bytes.Add((byte)(0xff00 >> more + 1 | code >> 6 * more));
            while (more-- > 0) bytes.Add((byte)(0x80 | code >> 6 * more & 0x3f));
        }
        Count(bytes.Count);
        made.AddRange(bytes);
    }

    public void Value(object value, int depth = 1)
    {
        if (depth > Deepest) throw new CrosstuneUnreadable("it nests too deep");
        if (made.Count > MostBytes) throw new CrosstuneUnreadable("it is too large");
        if (value == null) Tag('N');
        else if (value is bool truth) Tag(truth ? 'T' : 'F');
        else if (value is char character) { Tag('c'); Count(character); }
        else if (value is string text) { Tag('s'); Text(text); }
        else if (value is double number) Bits(number);
        else if (value is float single) { Named("Float"); Whole(BitConverter.ToInt32(BitConverter.GetBytes(single), 0)); }
        else if (value is decimal exact) { Named("Decimal"); Tag('s'); Text(exact.ToString(System.Globalization.CultureInfo.InvariantCulture)); }
        else if (value is BigInteger large) Large(large);
        else if (value is ulong unsigned && unsigned > long.MaxValue) Large(unsigned);
        else if (value is ulong || value.GetType().IsPrimitive && !(value is IntPtr || value is UIntPtr)) Whole(Convert.ToInt64(value));
        else if (value is Complex complex) { Named("complex"); Tag('t'); Count(2); Bits(complex.Real); Bits(complex.Imaginary); }
        else Container(value, depth);
    }

    void Named(string name) { Tag('K'); Text(name); }
    void Bits(double number) { Tag('d'); Number((ulong)BitConverter.DoubleToInt64Bits(number), 8); }
    void Whole(long whole) { Tag('i'); Number((ulong)whole, 8); }

    void Large(BigInteger large)
    {
        if (large >= long.MinValue && large <= long.MaxValue) { Whole((long)large); return; }
        byte[] bytes = large.ToByteArray();
        Array.Reverse(bytes);
        Tag('I');
        Count(bytes.Length);
        made.AddRange(bytes);
    }

    void Container(object value, int depth)
    {
        Type type = value.GetType();
        if (value is ITuple tuple) Items('t', Enumerable.Range(0, tuple.Length).Select(at => tuple[at]).ToList(), depth);
        else if (value is DictionaryEntry entry) Items('t', new List<object> { entry.Key, entry.Value }, depth);
        else if (CrosstuneTypes.Is(type, typeof(KeyValuePair<,>))) Items('t', CrosstuneTypes.Pair(value), depth);
        else if (value is IDictionary map) Entries(map, depth);
        else if (value is Array array && array.Rank > 1) { Tag('o'); Text(type.Name); }
        else if (value is IEnumerable items) Items(CrosstuneTypes.IsSet(type) ? 'S' : 'l', Listed(items), depth);
        else { Tag('o'); Text(type.Name); }
    }

    /// What is not kept anywhere, such as what `yield` gives, is read so far.
    static List<object> Listed(IEnumerable items)
    {
        var found = new List<object>();
        foreach (object each in items)
        {
            found.Add(each);
            if (found.Count > MostItems && !(items is ICollection)) throw new CrosstuneUnreadable("it does not end");
        }
        return found;
    }

    void Items(char tag, List<object> items, int depth)
    {
        Tag(tag);
        Count(items.Count);
        foreach (object each in items) Value(each, depth + 1);
    }

    void Entries(IDictionary map, int depth)
    {
        Tag('m');
        Count(map.Count);
        foreach (DictionaryEntry each in map)
        {
            Value(each.Key, depth + 1);
            Value(each.Value, depth + 1);
        }
    }
}

static class CrosstuneTypes
{
    public static bool Is(Type type, Type generic) { return type.IsGenericType && type.GetGenericTypeDefinition() == generic; }
    public static bool IsSet(Type type) { return type.GetInterfaces().Any(each => Is(each, typeof(ISet<>))); }
    public static bool IsTuple(Type type) { return typeof(ITuple).IsAssignableFrom(type) || Is(type, typeof(KeyValuePair<,>)); }

    public static List<object> Pair(object pair)
    {
        return new[] { "Key", "Value" }.Select(name => pair.GetType().GetProperty(name).GetValue(pair)).ToList();
    }
}
