using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads one call of a stack.</summary>
internal static class FrameReader
{
    private const int MaxSymbol = 256;
    private const int SymbolAllowance = 20;
    private const int MaxPath = 256;
    private const int PathAllowance = 40;
    private const int MaxSourceLine = 256;
    private const int MaxSourceLines = 20;

    // {"function":"pay","module":"shop.cart","filename":"shop/cart.py","lineno":12,"in_app":true,"context_line":"…","vars":{}}
    internal static SentryStackFrame Read(JsonElement item, ValueReader values)
    {
        var frame = new SentryStackFrame();
        var left = JsonBudget.Medium.Size;
        foreach (var property in item.EnumerateObject())
        {
            var value = property.Value;
            if (ValueReader.IsAbsent(value))
                continue;

            switch (property.Name)
            {
                case "function": frame.Function = values.Name(value, "frame.function", MaxSymbol, SymbolAllowance); break;
                case "raw_function": frame.RawFunction = values.Name(value, "frame.raw_function", MaxSymbol, SymbolAllowance); break;
                case "module": frame.Module = values.Name(value, "frame.module", MaxPath); break;
                case "package": frame.Package = values.Name(value, "frame.package", MaxPath); break;
                case "filename": frame.Filename = values.Name(value, "frame.filename", MaxPath, PathAllowance); break;
                case "abs_path": frame.AbsPath = values.Name(value, "frame.abs_path", MaxPath, PathAllowance); break;
                case "lineno": frame.LineNo = ReadPosition(value, "frame.lineno", values); break;
                case "colno": frame.ColNo = ReadPosition(value, "frame.colno", values); break;
                case "platform": frame.Platform = values.Name(value, "frame.platform", 64)?.ToLowerInvariant(); break;
                case "in_app": frame.InApp = values.Bool(value, "frame.in_app"); break;
                case "context_line": frame.ContextLine = values.Text(value, "frame.context_line", MaxSourceLine, PathAllowance); break;
                case "pre_context": frame.PreContext = ReadSource(value, values).TakeLast(MaxSourceLines).ToList(); break;
                case "post_context": frame.PostContext = ReadSource(value, values).Take(MaxSourceLines).ToList(); break;
                case "vars": frame.Vars = ReadVars(value, values); break;
                case "instruction_addr": frame.InstructionAddr = ReadAddress(value, values); break;
                default: ValueReader.AddWithin(frame.Other, property.Name, value, JsonBudget.Small, ref left); break;
            }
        }

        CompletePaths(frame);
        return frame;
    }

    /// <summary>Each path stands in for the other; a file name is never a whole web address (app:/// and webpack:/// stay).</summary>
    private static void CompletePaths(SentryStackFrame frame)
    {
        frame.AbsPath ??= frame.Filename;
        if (frame.Filename is not null || frame.AbsPath is null)
            return;

        frame.Filename = Uri.TryCreate(frame.AbsPath, UriKind.Absolute, out var uri)
            && frame.AbsPath.Contains("://", StringComparison.Ordinal)
            && uri.Scheme is "http" or "https" or "file" or "applewebdata"
            && uri.AbsolutePath is { Length: > 1 } path
                ? path
                : frame.AbsPath;
    }

    /// <summary>Lines and columns count from 1; 0 means unknown and is no mistake.</summary>
    private static int? ReadPosition(JsonElement value, string attribute, ValueReader values) =>
        values.Integer(value, attribute) is > 0 and var position ? position : null;

    private static IEnumerable<string> ReadSource(JsonElement value, ValueReader values)
    {
        if (value.ValueKind == JsonValueKind.Array)
            // A null is an empty line: leaving it out would shift the others.
            return value.EnumerateArray().Select(line => values.Text(line, "frame.context", MaxSourceLine, PathAllowance) ?? "");

        values.Refuse("frame.context", value);
        return [];
    }

    private static Dictionary<string, JsonElement> ReadVars(JsonElement value, ValueReader values)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return values.Entries(value, "frame.vars", JsonBudget.Medium, JsonBudget.Medium.Size);

        Dictionary<string, JsonElement> vars = [];
        var left = JsonBudget.Medium.Size;
        foreach (var (index, item) in value.EnumerateArray().Index())
            ValueReader.AddWithin(vars, index.ToString(CultureInfo.InvariantCulture), item, JsonBudget.Medium, ref left);

        return vars;
    }

    private static string? ReadAddress(JsonElement value, ValueReader values) =>
        ulong.TryParse(values.Name(value, "frame.instruction_addr", 64), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"0x{number:x}")
            : values.Name(value, "frame.instruction_addr", 64);
}
