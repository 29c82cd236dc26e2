using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Mono.CSharp;

/// mcs for programs of several texts: as a server (`serve CHECKS`) or once (`once CHECKS KIND`: from the files setup.cs,
/// candidate.cs and tests.cs in the working folder, which are removed). KIND is `tests` (a library) or `whole`.
///
/// A request is the first letter of the kind and, for each of the texts, its length and bytes; a reply begins with one
/// letter: C (compiled; then the program's file), E (errors; then mcs's messages) or U (unknown: something else happened).
static class CrosstuneBuild
{
    const string Implied = "using System; using System.IO; using System.Linq; using System.Collections.Generic; "
        + "using System.Threading; using System.Threading.Tasks; ";
    static readonly string[] Names = { "candidate.cs", "tests.cs" };

    static int Main(string[] words)
    {
        if (words[0] == "serve") return Serve(words[1]);
        byte[] program = null;
        string messages = "";
        try
        {
            program = Built(words[1], words[2][0], out messages);
        }
        finally
        {
            foreach (string name in Names) File.Delete(name);
        }
        if (program == null) Console.Error.Write(messages);
        return program == null ? 1 : 0;
    }

    static string Target(char kind)
    {
        return kind == 'w' ? "program.exe" : "program.dll";
    }

    /// Where a program does not compile, it is compiled once more with the `using` directives that newer C# implies.
    static byte[] Built(string checks, char kind, out string messages)
    {
        byte[] program = Compiled(checks, kind, out messages);
        if (program != null || messages.IndexOf("error CS1525") >= 0) return program;
        foreach (string name in Names) if (File.Exists(name)) File.WriteAllText(name, Implied + File.ReadAllText(name));
        return Compiled(checks, kind, out string more);
    }

    static byte[] Compiled(string checks, char kind, out string messages)
    {
        var words = new List<string> { "-nologo", "-noconfig", "-nowarn:1-9999", "-d:DEBUG", "-d:TRACE", "-langversion:latest", "-codepage:utf8" };
        foreach (string name in new[] { "System", "System.Core", "System.Numerics" }) words.Add("-r:" + name + ".dll");
        words.Add("-out:" + Target(kind));
        if (kind != 'w') words.AddRange(new[] { "-target:library", "-r:" + checks });
        foreach (string name in Names) if (File.Exists(name)) words.Add(name);
        File.Delete(Target(kind));
        var text = new StringWriter();
        bool done = CompilerCallableEntryPoint.InvokeCompiler(words.ToArray(), text) && File.Exists(Target(kind));
        messages = text.ToString();
        return done ? File.ReadAllBytes(Target(kind)) : null;
    }

    static int Serve(string checks)
    {
        string folder = Path.Combine(Path.GetTempPath(), "crosstune-build");
        Directory.CreateDirectory(folder);
        Environment.CurrentDirectory = folder;
        Stream from = Console.OpenStandardInput(), to = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        Send(to, new byte[0]);
        for (byte[] request = Frame(from); request != null; request = Frame(from))
        {
            byte[] reply;
            try
            {
                reply = Reply(checks, request);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                Send(to, new[] { (byte)'U' });
                return 1; // An error may have left anything behind; a new server continues.
            }
            Send(to, reply);
        }
        return 0;
    }

    static byte[] Reply(string checks, byte[] request)
    {
        int at = 1;
        foreach (string name in Names)
        {
            int length = Number(request, at);
            File.Delete(name);
            if (length > 0) using (var file = File.Create(name)) file.Write(request, at + 4, length);
            at += 4 + length;
        }
        byte[] program = Built(checks, (char)request[0], out string messages);
        byte[] rest = program ?? Encoding.UTF8.GetBytes(messages), reply = new byte[rest.Length + 1];
        reply[0] = (byte)(program == null ? 'E' : 'C');
        Array.Copy(rest, 0, reply, 1, rest.Length);
        return reply;
    }

    static int Number(byte[] bytes, int at)
    {
        return bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    }

    static byte[] Frame(Stream from)
    {
        byte[] head = Exactly(from, 4);
        return head == null ? null : Exactly(from, Number(head, 0));
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

    static void Send(Stream to, byte[] reply)
    {
        int length = reply.Length;
        to.Write(new[] { (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length }, 0, 4);
        to.Write(reply, 0, length);
        to.Flush();
    }
}
