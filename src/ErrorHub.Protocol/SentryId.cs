using System.Diagnostics.CodeAnalysis;

namespace ErrorHub.Protocol;

/// <summary>The id an SDK gave an event: 128 bits, on the wire 32 hex digits or a dashed UUID in any case.</summary>
public readonly record struct SentryId(Guid Value)
{
    /// <summary>The id of nothing; an SDK sends it when it has no event.</summary>
    public static SentryId Empty { get; }

    /// <summary>A fresh random id, for events that arrive without one.</summary>
    public static SentryId NewId() => new(Guid.NewGuid());

    /// <summary>Reads the two forms that SDKs send; anything else, the empty id included, is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SentryId id)
    {
        // Guid.TryParse would accept five forms; only these two are event ids (they end up in paths and queries).
        if ((Guid.TryParseExact(text, "N", out var value) || Guid.TryParseExact(text, "D", out value)) && value != Guid.Empty)
        {
            id = new SentryId(value);
            return true;
        }

        id = Empty;
        return false;
    }

    /// <summary>32 lower-case hex digits without dashes, the form Sentry stores and returns.</summary>
    public override string ToString() => Value.ToString("N");
}
