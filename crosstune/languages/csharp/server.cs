using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;

/// The candidate's process: loads the library of the candidate, then calls its methods as it is asked; see docs/values.md.
/// Nothing here needs protection from the candidate: all that it can change is what it answers.
static class CrosstuneServer
{
    [DllImport("libc.so.6")] static extern void _exit(int status);

    static Func<string, CrosstuneSource, CrosstuneCall> calls;

    static int Main(string[] words)
    {
        // Deep recursion needs a larger stack than that of the first thread.
        var thread = new Thread(Serve, int.Parse(words[0]));
        thread.Start();
        thread.Join();
        return 1;
    }

    static void Serve()
    {
        int status = 1;
        try
        {
            MethodInfo found = Assembly.Load(File.ReadAllBytes("program.dll")).GetType("CrosstuneCalls").GetMethod("Call");
            calls = (Func<string, CrosstuneSource, CrosstuneCall>)Delegate.CreateDelegate(typeof(Func<string, CrosstuneSource, CrosstuneCall>), found);
            Talk();
            status = 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
        }
        Flush();
        _exit(status);
    }

    static void Talk()
    {
        using (var from = new FileStream("/dev/fd/5", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16))
        using (var to = new FileStream("/dev/fd/6", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16))
        {
            Send(to, new[] { (byte)'H', (byte)1 });
            for (byte[] head = Exactly(from, 4); head != null; head = Exactly(from, 4))
            {
                byte[] answer = Answer(Exactly(from, head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3]));
                Flush();
                Send(to, answer);
            }
        }
    }

    static byte[] Answer(byte[] question)
    {
        var source = new CrosstuneSource(question);
        if (source.Tag() != 'C') throw new CrosstuneUnreadable("only methods are called");
        string name = source.Text();
        source.Tag();
        source.Count();
        CrosstuneCall call = calls(name, source);
        List<byte[]> before = Written(call.Arguments());
        var made = new CrosstuneWriter();
        made.Add(Outcome(call));
        List<byte[]> after = Written(call.Arguments());
        var changed = new List<int>();
        for (int at = 0; at < after.Count; at++) if (!Same(before[at], after[at])) changed.Add(at);
        made.Count(changed.Count);
        foreach (int at in changed)
        {
            made.Count(at);
            made.Add(after[at]);
        }
        made.Text("");
        made.Text("");
        return made.Bytes();
    }

    static byte[] Outcome(CrosstuneCall call)
    {
        var made = new CrosstuneWriter();
        try
        {
            object result = call.Make();
            made.Tag('R');
            made.Add(Written(result));
        }
        catch (Exception error)
        {
            if (error is OutOfMemoryException) throw;
            made = new CrosstuneWriter();
            made.Tag('E');
            made.Text(Kind(error));
            made.Text(Shown(() => error.Message));
            made.Text(Shown(error.ToString));
        }
        return made.Bytes();
    }

    /// The nearest standard type of an exception.
    static string Kind(Exception error)
    {
        if (error is TypeInitializationException && error.InnerException != null) error = error.InnerException;
        Type type = error.GetType();
        while (type.Assembly != typeof(object).Assembly && type.Assembly != typeof(Uri).Assembly) type = type.BaseType;
        return type.Name;
    }

    static string Shown(Func<string> text)
    {
        try { return text() ?? ""; } catch (Exception) { return ""; }
    }

    static List<byte[]> Written(object[] values)
    {
        var all = new List<byte[]>();
        foreach (object each in values) all.Add(Written(each));
        return all;
    }

    static byte[] Written(object value)
    {
        var made = new CrosstuneWriter();
        try
        {
            made.Value(value);
        }
        catch (CrosstuneUnreadable)
        {
            if (made.Length > CrosstuneWriter.MostBytes) return made.Bytes();
            made = new CrosstuneWriter();
            made.Tag('o');
            made.Text(value.GetType().Name);
        }
        return made.Bytes();
    }

    static bool Same(byte[] one, byte[] other)
    {
        if (one.Length != other.Length) return false;
        for (int at = 0; at < one.Length; at++) if (one[at] != other[at]) return false;
        return true;
    }

    static void Flush()
    {
        try { Console.Out.Flush(); Console.Error.Flush(); } catch (Exception) { }
    }

    static byte[] Exactly(Stream from, int length)
    {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int read = from.Read(bytes, at, length - at);
            if (read <= 0) return null;
            at += read;
        }
        return bytes;
    }

    static void Send(Stream to, byte[] frame)
    {
        int length = frame.Length;
        to.Write(new[] { (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length }, 0, 4);
        if (length <= CrosstuneWriter.MostBytes) to.Write(frame, 0, length);
        to.Flush();
        if (length > CrosstuneWriter.MostBytes) _exit(1); // the judge reads no more of it
    }
}
