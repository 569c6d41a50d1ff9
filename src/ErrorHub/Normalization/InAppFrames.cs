using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>
/// Marks frames of runtimes and well-known frameworks as not the app's, where the SDK did not say. It never marks one as the
/// app's: that only the SDK knows, and unknown is a state of its own.
/// </summary>
internal static class InAppFrames
{
    private static readonly string[] PythonPaths = ["/site-packages/", "/dist-packages/", "/lib/python"];
    private static readonly string[] DotNetModules = ["System.", "Microsoft."];
    private static readonly string[] JavaModules =
        ["java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "android.", "androidx.", "org.springframework."];

    internal static void Mark(SentryEvent e)
    {
        foreach (var exception in e.Exceptions)
            Mark(exception.StackTrace, e.Platform);

        Mark(e.StackTrace, e.Platform);
        foreach (var thread in e.Threads)
            Mark(thread.StackTrace, e.Platform);
    }

    private static void Mark(SentryStackTrace? stack, string platform)
    {
        foreach (var frame in stack?.Frames ?? [])
            if (frame.InApp is null && IsLibrary(frame, frame.Platform ?? platform))
                frame.InApp = false;
    }

    private static bool IsLibrary(SentryStackFrame frame, string platform) => platform switch
    {
        "javascript" or "node" => IsNodeLibrary(frame.AbsPath ?? frame.Filename),
        "python" => ContainsAny(frame.AbsPath ?? frame.Filename, PythonPaths),
        "csharp" => StartsWithAny(frame.Module, DotNetModules),
        "java" or "kotlin" => StartsWithAny(frame.Module, JavaModules),
        _ => false,
    };

    private static bool IsNodeLibrary(string? path) =>
        path is not null
        && (path.StartsWith("node:", StringComparison.Ordinal)
            || path.StartsWith("internal/", StringComparison.Ordinal)
            || path.Replace('\\', '/').Contains("node_modules/", StringComparison.Ordinal));

    private static bool ContainsAny(string? path, string[] parts) =>
        path?.Replace('\\', '/') is { } normal && Array.Exists(parts, part => normal.Contains(part, StringComparison.Ordinal));

    private static bool StartsWithAny(string? module, string[] prefixes) =>
        module is not null && Array.Exists(prefixes, prefix => module.StartsWith(prefix, StringComparison.Ordinal));
}
