namespace ErrorHub.Protocol.Events;

/// <summary>How bad the sender says an event is. The values order them.</summary>
public enum SentryLevel : short
{
    /// <summary><c>debug</c>, numeric 10.</summary>
    Debug = 10,

    /// <summary><c>info</c> or its alias <c>log</c>, numeric 20.</summary>
    Info = 20,

    /// <summary><c>warning</c>, numeric 30.</summary>
    Warning = 30,

    /// <summary><c>error</c>, numeric 40: the default.</summary>
    Error = 40,

    /// <summary><c>fatal</c> or its alias <c>critical</c>, numeric 50.</summary>
    Fatal = 50,
}

/// <summary>Text forms of the levels.</summary>
public static class SentryLevelNames
{
    /// <summary>Lower-case name as on the wire.</summary>
    public static string ToName(this SentryLevel level) => level switch
    {
        SentryLevel.Debug => "debug",
        SentryLevel.Info => "info",
        SentryLevel.Warning => "warning",
        SentryLevel.Fatal => "fatal",
        _ => "error",
    };

    /// <summary>Reads the names and numbers in use, log frameworks' own names included; false for anything else.</summary>
    public static bool TryParse(string? text, out SentryLevel level)
    {
        SentryLevel? found = text?.Trim().ToLowerInvariant() switch
        {
            "debug" or "trace" or "10" => SentryLevel.Debug,
            "info" or "log" or "notice" or "20" => SentryLevel.Info,
            "warning" or "warn" or "30" => SentryLevel.Warning,
            "error" or "err" or "40" => SentryLevel.Error,
            "fatal" or "critical" or "alert" or "emergency" or "50" => SentryLevel.Fatal,
            _ => null,
        };
        level = found ?? SentryLevel.Error;
        return found is not null;
    }
}
