using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Demo;

/// <summary>Makes stack traces of the frames that an app names, with the source around each line of its own.</summary>
internal static class DemoStacks
{
    private const int ContextLines = 5;
    private const string SitePackages = "site-packages/";

    public static SentryStackTrace? Of(DemoApp app, IReadOnlyList<string> names) =>
        names.Count == 0 ? null : new SentryStackTrace { Frames = [.. names.SelectMany(name => FramesOf(app, name))] };

    /// <summary>Gives the crash frame its local variables.</summary>
    public static void SetLocals(SentryStackTrace? stack, Dictionary<string, string> locals, DemoText text)
    {
        if (stack?.Frames.FindLast(f => f.InApp == true) is not { } crash)
            return;

        foreach (var (name, value) in locals)
            crash.Vars[name] = JsonSerializer.SerializeToElement(text.Fill(value));
    }

    private static IEnumerable<SentryStackFrame> FramesOf(DemoApp app, string name) =>
        name.StartsWith('@') ? app.Libraries[name[1..]].Select(frame => OfLibrary(app, frame)) : [OfApp(app, app.Frames[name])];

    private static SentryStackFrame OfApp(DemoApp app, string frame)
    {
        var (file, text, module, function) = frame.Split('|', StringSplitOptions.TrimEntries) switch
        {
            [var f, var t, var m, var n] => (f, t, m, n),
            _ => throw new InvalidDataException($"The frame '{frame}' is not: file | text of the line | module | function"),
        };
        var lines = app.Sources[file];
        var line = Array.FindIndex(lines, l => l.Contains(text, StringComparison.Ordinal));
        if (line < 0)
            throw new InvalidDataException($"{file} has no line with: {text}");

        var path = $"{app.Root}/{file}";
        return new SentryStackFrame
        {
            Function = function,
            Module = module,
            Package = app.Package,
            Filename = app.Platform == "node" ? path : file,
            AbsPath = path,
            LineNo = line + 1,
            ColNo = lines[line].IndexOf(text, StringComparison.Ordinal) + 1,
            InApp = true,
            PreContext = [.. lines[Math.Max(0, line - ContextLines)..line]],
            ContextLine = lines[line],
            PostContext = [.. lines[(line + 1)..Math.Min(lines.Length, line + 1 + ContextLines)]],
        };
    }

    private static SentryStackFrame OfLibrary(DemoApp app, string frame) => frame.Split('|', StringSplitOptions.TrimEntries) switch
    {
        [var function, var module, var package] => new SentryStackFrame
        {
            Function = function,
            Module = module,
            Package = package,
            InApp = false,
        },
        [var function, var module, var path, var line] => new SentryStackFrame
        {
            Function = function,
            Module = module.Length > 0 ? module : null,
            Filename = app.Platform == "python" ? InSitePackages(path) : path,
            AbsPath = path,
            LineNo = int.Parse(line, CultureInfo.InvariantCulture),
            InApp = false,
        },
        _ => throw new InvalidDataException($"The frame '{frame}' is not: function | module | package, nor: function | module | path | line"),
    };

    private static string InSitePackages(string path) =>
        path.IndexOf(SitePackages, StringComparison.Ordinal) is > 0 and var at ? path[(at + SitePackages.Length)..] : path;
}
