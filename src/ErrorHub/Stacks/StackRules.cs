using System.Collections.Concurrent;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Stacks;

/// <summary>What is known of each platform's frames; the rules are the files beside this one.</summary>
public sealed class StackRules
{
    // A handful of kinds, so this never grows with what is sent.
    private static readonly ConcurrentDictionary<string, StackRules> Loaded = new(StringComparer.Ordinal);

    // Asked at different times, so each asks no more patterns than it must.
    private readonly RuleSet _libraries, _noise, _guards;

    private StackRules(List<(RuleFile.Field Field, string Pattern, FrameTraits Traits)> rules)
    {
        _libraries = new(rules, FrameTraits.Library);
        _noise = new(rules, FrameTraits.Noise | FrameTraits.Plumbing);
        _guards = new(rules, FrameTraits.Guard);
    }

    /// <summary>Those for frames of a kind; a kind without a file of its own has the common rules.</summary>
    public static StackRules For(FrameKind kind) => kind switch
    {
        FrameKind.DotNet => Of("dotnet"),
        FrameKind.Java => Of("java"),
        FrameKind.JavaScript => Of("javascript"),
        FrameKind.Python => Of("python"),
        FrameKind.Native => Of("native"),
        FrameKind.Go => Of("go"),
        FrameKind.Ruby => Of("ruby"),
        FrameKind.Php => Of("php"),
        FrameKind.Dart => Of("dart"),
        FrameKind.Elixir => Of("elixir"),
        _ => Of("common"),
    };

    /// <summary>Whether a frame is not the app's own code.</summary>
    public bool IsLibrary(SentryStackFrame frame) => _libraries.Of(frame.Function, frame.Module, frame) != FrameTraits.None;

    /// <summary>Whether a frame is <see cref="FrameTraits.Noise"/> or <see cref="FrameTraits.Plumbing"/>.</summary>
    /// <param name="function">Its function without what compilers add.</param>
    /// <param name="module">Its module, likewise.</param>
    /// <param name="frame">The frame, for its path and package.</param>
    public FrameTraits NoiseOf(ReadOnlySpan<char> function, ReadOnlySpan<char> module, SentryStackFrame frame) => _noise.Of(function, module, frame);

    /// <summary>Whether a frame is a <see cref="FrameTraits.Guard"/>.</summary>
    /// <param name="function">Its function without what compilers add.</param>
    /// <param name="module">Its module, likewise.</param>
    /// <param name="frame">The frame, for its path and package.</param>
    public bool IsGuard(ReadOnlySpan<char> function, ReadOnlySpan<char> module, SentryStackFrame frame) =>
        _guards.Of(function, module, frame) != FrameTraits.None;

    private static StackRules Of(string name) => Loaded.TryGetValue(name, out var rules) ? rules : Loaded.GetOrAdd(name, Load);

    private static StackRules Load(string name)
    {
        string[] names = name == "common" ? [name] : ["common", name];
        return new([.. names.SelectMany(file => RuleFile.Read(file, TextOf(file)))]);
    }

    private static string TextOf(string name)
    {
        using var stream = typeof(StackRules).Assembly.GetManifestResourceStream($"stacks/{name}.rules")
            ?? throw new InvalidOperationException($"The program lacks its rules for '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The rules of some traits.</summary>
    private sealed class RuleSet
    {
        private readonly NamePatterns _functions, _modules, _paths, _packages;

        internal RuleSet(List<(RuleFile.Field Field, string Pattern, FrameTraits Traits)> rules, FrameTraits traits)
        {
            _functions = PatternsOf(RuleFile.Field.Function);
            _modules = PatternsOf(RuleFile.Field.Module);
            _paths = PatternsOf(RuleFile.Field.Path);
            _packages = PatternsOf(RuleFile.Field.Package);

            NamePatterns PatternsOf(RuleFile.Field field) =>
                new(rules.Where(rule => rule.Field == field && (rule.Traits & traits) != FrameTraits.None).Select(rule => (rule.Pattern, rule.Traits)));
        }

        internal FrameTraits Of(ReadOnlySpan<char> function, ReadOnlySpan<char> module, SentryStackFrame frame)
        {
            var traits = _functions.Of(function) | _modules.Of(module);
            if (!_paths.IsEmpty && (frame.AbsPath ?? frame.Filename) is { Length: > 0 } path)
                traits |= _paths.Of(WithSlashes(path));

            if (!_packages.IsEmpty && frame.Package is { Length: > 0 } package)
            {
                package = WithSlashes(package);
                var file = package.AsSpan(package.LastIndexOf('/') + 1);
                traits |= _packages.Of(file);
                if (file.Length < package.Length)
                    traits |= _packages.Of(package);
            }

            return traits;
        }

        private static string WithSlashes(string path) => path.Contains('\\', StringComparison.Ordinal) ? path.Replace('\\', '/') : path;
    }
}
