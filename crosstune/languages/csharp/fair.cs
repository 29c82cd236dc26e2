using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;

/// Finds out, from the code of the tests' methods, whether an operator, a conversion or a method of the candidate's own
/// types decides what equals a value of another type; see __init__.py.
static class CrosstuneFair
{
    const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    static readonly OpCode[] One = new OpCode[256], Two = new OpCode[256];
    static readonly HashSet<string> Compares = new HashSet<string> { "CrosstuneEquals", "Equals", "SequenceEqual", "SetEquals", "CompareTo" };

    /// Methods of Enumerable, and classes, whose names the candidate could take.
    static readonly HashSet<string> Decide = new HashSet<string> { "All", "Any", "Contains" };
    static readonly HashSet<string> Library = new HashSet<string> { "Math", "String", "Convert", "Array", "Object", "Enumerable" };

    static CrosstuneFair()
    {
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public))
        {
            var code = (OpCode)field.GetValue(null);
            (code.Size == 1 ? One : Two)[code.Value & 0xff] = code;
        }
    }

    /// What decides, or null. ``names`` are those of the tests' own methods.
    internal static string Decided(Assembly program, ICollection<string> names)
    {
        foreach (Type type in program.GetTypes())
        {
            foreach (MethodBase method in Methods(type))
            {
                string found = IsOfTests(method, names) ? DecidedIn(method) : null;
                if (found != null) return found;
            }
        }
        return null;
    }

    static IEnumerable<MethodBase> Methods(Type type)
    {
        foreach (MethodBase each in type.GetMethods(All)) yield return each;
        foreach (MethodBase each in type.GetConstructors(All)) yield return each;
    }

    /// The compiler names what it makes of a method's lambdas after the method: `<Main>m__0`, `<Main>c__async0.MoveNext`.
    static bool IsOfTests(MethodBase method, ICollection<string> names)
    {
        if (names.Contains(method.Name) || names.Contains(Made(method.Name))) return true;
        for (Type type = method.DeclaringType; type != null; type = type.DeclaringType) if (names.Contains(Made(type.Name))) return true;
        return false;
    }

    static string Made(string name)
    {
        int end = name.IndexOf('>');
        return name.StartsWith("<") && end > 0 ? name.Substring(1, end - 1) : "";
    }

    static string DecidedIn(MethodBase method)
    {
        MethodBody body = method.GetMethodBody();
        byte[] code = body == null ? new byte[0] : body.GetILAsByteArray();
        Type[] ofType = method.DeclaringType.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            OpCode one = code[at] == 0xfe ? Two[code[at + 1]] : One[code[at]];
            at += one.Size;
            if (one.OperandType == OperandType.InlineMethod)
            {
                MethodBase called = method.Module.ResolveMethod(BitConverter.ToInt32(code, at), ofType, ofMethod);
                if (called is MethodInfo && Decides((MethodInfo)called)) return called.DeclaringType.Name + "." + called.Name;
            }
            at += Size(one.OperandType, code, at);
        }
        return null;
    }

    static int Size(OperandType kind, byte[] code, int at)
    {
        switch (kind)
        {
            case OperandType.InlineNone: return 0;
            case OperandType.ShortInlineBrTarget: case OperandType.ShortInlineI: case OperandType.ShortInlineVar: return 1;
            case OperandType.InlineVar: return 2;
            case OperandType.InlineI8: case OperandType.InlineR: return 8;
            case OperandType.InlineSwitch: return 4 + 4 * BitConverter.ToInt32(code, at);
            default: return 4;
        }
    }

    /// An operator that keeps to its own type decides nothing about others, nor one whose result is of its own type.
    static bool Decides(MethodInfo called)
    {
        Type owner = called.DeclaringType;
        if (!IsOwn(owner)) return false;
        if (Compares.Contains(called.Name)) return !TakesOnlyOwn(called) && !called.IsVirtual;
        if (called.IsStatic && Library.Contains(owner.Name)) return true;
        if (Decide.Contains(called.Name) && called.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false)) return true;
        if (!called.IsSpecialName || !called.Name.StartsWith("op_")) return false;
        if (called.Name == "op_Implicit" || called.Name == "op_Explicit") return true;
        if (called.Name == "op_True" || called.Name == "op_False") return true;
        return !IsOwn(called.ReturnType) && !(called.ReturnType == typeof(bool) && TakesOnlyOwn(called));
    }

    static bool TakesOnlyOwn(MethodInfo called)
    {
        foreach (ParameterInfo each in called.GetParameters()) if (!IsOwn(each.ParameterType)) return false;
        return true;
    }

    static bool IsOwn(Type type)
    {
        Assembly of = type.Assembly;
        return of != typeof(object).Assembly && of != typeof(Uri).Assembly && of != typeof(System.Linq.Enumerable).Assembly
            && of != typeof(CrosstuneChecks).Assembly && !of.GetName().Name.StartsWith("System");
    }
}
