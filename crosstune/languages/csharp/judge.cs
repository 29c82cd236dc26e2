using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

/// Runs the tests' main method inside the sandbox and reports the result; see __init__.py.
static class CrosstuneJudge
{
    const string Program = "program.dll", Entry = "CrosstuneTestsMain";

    [DllImport("libc.so.6")] static extern void _exit(int status);
    [DllImport("libc.so.6")] static extern int close(int descriptor);

    static int Main(string[] words)
    {
        if (words[0] == "check") return Checked(words[1], words);
        // Until it is reported, the nonce is in memory only in masked form.
        byte[] mask = new byte[64], masked = new byte[64];
        int length = 0;
        ulong state = (ulong)DateTime.UtcNow.Ticks * 2654435761 ^ (ulong)Process.GetCurrentProcess().Id << 40;
        using (var payload = new FileStream("/dev/fd/3", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1))
        {
            for (int next = payload.ReadByte(); next >= 0 && length < 64; next = payload.ReadByte(), length++)
            {
                state = state * 6364136223846793005 + 1442695040888963407;
                mask[length] = (byte)(state >> 56);
                masked[length] = (byte)(next ^ mask[length]);
            }
        }
        close(3);
        Debug.Listeners.Clear();
        Debug.Listeners.Add(new Throwing());
        string failure = "runtime_error";
        // Deep recursion needs a larger stack than that of the first thread.
        var thread = new Thread(() => failure = Tested(words.Length > 1 ? words[1].Split(',') : null), int.Parse(words[0]));
        thread.Start();
        thread.Join();
        Flush();
        byte[] report = System.Text.Encoding.ASCII.GetBytes(failure == null ? "passed " + new string('x', length) : "failed " + failure);
        for (int at = 0; failure == null && at < length; at++) report[7 + at] = (byte)(masked[at] ^ mask[at]);
        using (var to = new FileStream("/dev/fd/4", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1)) to.Write(report, 0, report.Length);
        _exit(failure == null ? 0 : 1);
        return 1;
    }

    static void Flush()
    {
        try { Console.Out.Flush(); Console.Error.Flush(); } catch (Exception) { }
    }

    /// null if the tests pass, or the status. ``own`` are the names of the tests' methods; null where operators of the
    /// program's types may decide.
    static string Tested(string[] own)
    {
        try
        {
            MethodInfo found = null;
            int entries = 0;
            // The candidate could read expected values in the file.
            byte[] bytes = File.ReadAllBytes(Program);
            File.Delete(Program);
            Assembly program = Assembly.Load(bytes);
            foreach (Type type in program.GetTypes())
            {
                foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (method.Name != Entry) continue;
                    found = method;
                    entries++;
                }
            }
            if (entries != 1)
            {
                Console.Error.WriteLine("the tests have no method `static void Main()`");
                return "compile_error";
            }
            string unfair = own == null ? null : CrosstuneFair.Decided(program, own);
            if (unfair != null)
            {
                Console.Error.WriteLine("a comparison that the program decides itself: " + unfair);
                return "wrong_answer";
            }
            object[] arguments = found.GetParameters().Length == 0 ? new object[0] : new object[] { new string[0] };
            object result = found.Invoke(null, arguments);
            if (result is Task task) task.GetAwaiter().GetResult();
            if (result is Task<int> number) result = number.Result;
            return result is int status && status != 0 ? "wrong_answer" : null;
        }
        catch (TargetInvocationException error)
        {
            return StatusOf(error.InnerException);
        }
        catch (Exception error)
        {
            return StatusOf(error);
        }
    }

    static string StatusOf(Exception error)
    {
        try { Console.Error.WriteLine(error); } catch (Exception) { }
        for (Exception cause = error; cause != null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException) return "memory_limit";
            if (cause is IOException && (cause.HResult & 0xffff) == 0x70) return "disk_limit";
            if (cause is IOException && cause.Message.StartsWith("Disk full")) return "disk_limit";
        }
        return error is CrosstuneFailure || error.GetType() == typeof(Exception) ? "wrong_answer" : "runtime_error";
    }

    /// A checker's decisions are the statuses 1 and 2, so it must not end with one of them when it crashes.
    static int Checked(string program, string[] words)
    {
        try
        {
            MethodInfo entry = Assembly.LoadFrom(program).EntryPoint;
            string[] rest = new string[words.Length - 2];
            Array.Copy(words, 2, rest, 0, rest.Length);
            object result = entry.Invoke(null, entry.GetParameters().Length == 0 ? new object[0] : new object[] { rest });
            Flush();
            return result is int status ? status : Environment.ExitCode;
        }
        catch (TargetInvocationException error)
        {
            Console.Error.WriteLine(error.InnerException);
            return 3;
        }
    }

    sealed class Throwing : TraceListener
    {
        public override void Write(string message) { }
        public override void WriteLine(string message) { }
        public override void Fail(string message) { throw new CrosstuneFailure(message); }
        public override void Fail(string message, string detail) { throw new CrosstuneFailure(message + " " + detail); }
    }
}
