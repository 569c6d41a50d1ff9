namespace ErrorHub.Events;

/// <summary>How an event's body is stored. The numbers are in the database: never reuse one.</summary>
public enum PayloadCodecKind : short
{
    /// <summary>The JSON bytes as they are.</summary>
    Raw = 0,

    /// <summary>One zstd frame.</summary>
    Zstd = 1,

    /// <summary>One zstd frame, compressed with <c>Events/bodies-1.zdict</c>, which therefore must never change.</summary>
    ZstdWithDictionary1 = 2,
}
