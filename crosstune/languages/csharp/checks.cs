using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;

/// An assertion that failed.
public sealed class CrosstuneFailure : Exception
{
    public CrosstuneFailure(string message) : base("Assertion failed. " + message) { }
}

/// What takes the place of `Debug.Assert` and `Equals` in the tests: nothing of it can be replaced by the candidate.
public static class CrosstuneChecks
{
    public static void Assert(bool condition) { if (!condition) throw new CrosstuneFailure(""); }
    public static void Assert(bool condition, string message) { if (!condition) throw new CrosstuneFailure(message); }
    public static void Assert(bool condition, string message, string detail) { if (!condition) throw new CrosstuneFailure(message + " " + detail); }
    public static void Assert(bool condition, string message, string detail, params object[] values) { if (!condition) throw new CrosstuneFailure(message); }
    public static void Fail(string message) { throw new CrosstuneFailure(message); }
    public static void Fail(string message, string detail) { throw new CrosstuneFailure(message + " " + detail); }

    /// `Console.WriteLine(one == other)`
    public static void Shown(bool condition)
    {
        Console.WriteLine(condition);
        Assert(condition);
    }

    public static bool CrosstuneEquals<T>(this T one, T other)
    {
        if (one == null) throw new NullReferenceException();
        return EqualityComparer<T>.Default.Equals(one, other) && (!IsForeign(one) || Turned(one, other));
    }

    public static bool CrosstuneEquals<T>(this T one, object other)
    {
        if (one == null) throw new NullReferenceException();
        return one.Equals(other) && (!IsForeign(one) || Turned(one, other));
    }

    /// Neither side decides alone, because one may be the candidate's.
    static bool Turned(object one, object other)
    {
        return ReferenceEquals(one, other) || other != null && other.Equals(one);
    }

    static bool IsForeign(object one)
    {
        return one.GetType().Assembly != typeof(object).Assembly;
    }
}

namespace KellermanSoftware.CompareNetObjects
{
    /// What tests use of the package of this name: values that are equal, part by part.
    public sealed class ComparisonResult
    {
        public bool AreEqual { get; internal set; }
        public string DifferencesString { get { return AreEqual ? "" : "the values differ"; } }
    }

    public sealed class CompareLogic
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;

        public ComparisonResult Compare(object one, object other)
        {
            return new ComparisonResult { AreEqual = Equal(one, other, 0) };
        }

        static bool Equal(object one, object other, int depth)
        {
            if (one == null || other == null || ReferenceEquals(one, other)) return one == other;
            if (one.GetType() != other.GetType() || depth > 100) return false;
            if (one is string || one.GetType().IsPrimitive || one.GetType().IsEnum) return one.Equals(other);
            if (one is IDictionary map) return SameEntries(map, (IDictionary)other, depth);
            if (one is IEnumerable items) return SameItems(items.GetEnumerator(), ((IEnumerable)other).GetEnumerator(), depth);
            if (one is IComparable && one.GetType().Assembly == typeof(object).Assembly) return one.Equals(other);
            return SameParts(one, other, depth);
        }

        static bool SameEntries(IDictionary one, IDictionary other, int depth)
        {
            if (one.Count != other.Count) return false;
            foreach (object key in one.Keys)
            {
                if (!other.Contains(key) || !Equal(one[key], other[key], depth + 1)) return false;
            }
            return true;
        }

        static bool SameItems(IEnumerator one, IEnumerator other, int depth)
        {
            while (true)
            {
                bool more = one.MoveNext();
                if (more != other.MoveNext()) return false;
                if (!more) return true;
                if (!Equal(one.Current, other.Current, depth + 1)) return false;
            }
        }

        static bool SameParts(object one, object other, int depth)
        {
            foreach (FieldInfo field in one.GetType().GetFields(Public))
            {
                if (!Equal(field.GetValue(one), field.GetValue(other), depth + 1)) return false;
            }
            foreach (PropertyInfo property in one.GetType().GetProperties(Public))
            {
                if (property.GetIndexParameters().Length > 0 || !property.CanRead) continue;
                if (!Equal(property.GetValue(one), property.GetValue(other), depth + 1)) return false;
            }
            return true;
        }
    }
}
