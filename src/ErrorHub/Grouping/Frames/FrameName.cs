using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping.Frames;

/// <summary>What of a frame stays the same from build to build, machine to machine and language to language.</summary>
/// <param name="Name">The function as written in the source; empty when it has no name, or one that changes with each build.</param>
/// <param name="Place">Its class, module or file; of a nameless native function its library; empty when unknown.</param>
internal readonly record struct FrameName(string Name, string Place)
{
    /// <summary><c>pay in shop.cart</c>.</summary>
    public override string ToString()
    {
        var name = Name.Length > 0 ? Name : "<anonymous>";
        return Place.Length > 0 ? $"{name} in {Place}" : name;
    }

    internal static FrameName Of(SentryStackFrame frame, FrameKind kind)
    {
        var function = NameText.Cut(frame.Function ?? frame.RawFunction ?? "");
        return kind switch
        {
            FrameKind.DotNet => DotNetFrames.NameOf(function, NameText.Cut(frame.Module ?? "")) switch
            {
                { Place: "" } name => name with { Place = FileNames.Of(frame) },
                var name => name,
            },
            FrameKind.Java => new(JavaFrames.NameOf(function), frame.Module is { Length: > 0 } m ? JavaFrames.ClassOf(NameText.Cut(m)) : FileNames.Of(frame)),
            FrameKind.JavaScript => JavaScriptFrames.NameOf(frame, function),
            FrameKind.Python => new(PythonFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Go => new(GoFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Ruby => new(RubyFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Php => new(PhpFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Dart => new(DartFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Elixir => new(ElixirFrames.NameOf(function), ModuleOrFile(frame)),
            FrameKind.Native => NativeFrames.NameOf(function) is { Length: > 0 } name ? new(name, "") : new("", NativeFrames.LibraryOf(frame)),
            _ => new(NameText.IsNone(function) ? "" : NativeFrames.NameOf(function), ModuleOrFile(frame)),
        };
    }

    private static string ModuleOrFile(SentryStackFrame frame) =>
        frame.Module is { Length: > 0 } module && module != "__main__" ? NameText.Cut(module) : FileNames.Of(frame);
}
