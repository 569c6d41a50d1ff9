namespace ErrorHub.Normalization;

/// <summary>What lists show of an event; an issue shows that of its newest.</summary>
/// <param name="Type">Exception type; null for a message.</param>
/// <param name="Value">Exception value or message, first line not cut here; at most 1,024 characters.</param>
/// <param name="Title">Type and first line of the value, at most 256 characters.</param>
/// <param name="Culprit">Where: the transaction, or function and module; at most 200 characters, may be empty.</param>
/// <param name="Filename">File of the crash frame.</param>
/// <param name="Function">Function of the crash frame.</param>
public sealed record EventHeading(
    string? Type, string? Value, string Title, string Culprit, string? Filename, string? Function);
