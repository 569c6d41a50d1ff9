namespace ErrorHub.Stacks;

/// <summary>Platforms whose frames look alike.</summary>
public enum FrameKind
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary>C#, F#, Visual Basic; Unity included.</summary>
    DotNet,

    /// <summary>Java, Kotlin, Scala, Groovy, Clojure.</summary>
    Java,

    /// <summary>Browsers and Node.</summary>
    JavaScript,

    /// <summary>Python.</summary>
    Python,

    /// <summary>C, C++, Rust, Swift, Objective-C.</summary>
    Native,

    /// <summary>Go.</summary>
    Go,

    /// <summary>Ruby.</summary>
    Ruby,

    /// <summary>PHP.</summary>
    Php,

    /// <summary>Dart and Flutter.</summary>
    Dart,

    /// <summary>Elixir and Erlang.</summary>
    Elixir,
}

/// <summary>The kind of a platform's frames.</summary>
public static class FrameKinds
{
    /// <summary>The kind, by the platform's name as SDKs send it.</summary>
    public static FrameKind Of(string platform) => platform switch
    {
        "csharp" or "fsharp" or "vb" or "dotnet" => FrameKind.DotNet,
        "java" or "kotlin" or "scala" or "groovy" or "clojure" or "android" => FrameKind.Java,
        "javascript" or "node" or "typescript" => FrameKind.JavaScript,
        "python" => FrameKind.Python,
        "native" or "c" or "cpp" or "cocoa" or "objc" or "swift" or "rust" => FrameKind.Native,
        "go" => FrameKind.Go,
        "ruby" => FrameKind.Ruby,
        "php" => FrameKind.Php,
        "dart" or "flutter" => FrameKind.Dart,
        "elixir" or "erlang" => FrameKind.Elixir,
        _ => FrameKind.Other,
    };
}
