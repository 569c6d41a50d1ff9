namespace ErrorHub.Projects;

/// <summary>What a change to a project, key, person or token came to: the new value, or why not.</summary>
/// <param name="Value">The value after the change; null when it was refused.</param>
/// <param name="Refusal">Why it was refused; null when it was done.</param>
/// <param name="Problem">What is wrong and what to do, for people; null when it was done.</param>
public sealed record ChangeResult<T>(T? Value, Refusal? Refusal, string? Problem)
    where T : class
{
    /// <summary>The change was made.</summary>
    public static ChangeResult<T> Done(T value) => new(value, null, null);

    /// <summary>Not there, or not for the caller to see: the same answer for both.</summary>
    public static ChangeResult<T> NotFound() => new(null, Projects.Refusal.NotFound, "There is no such thing.");

    /// <summary>The caller may see it, but not change it.</summary>
    public static ChangeResult<T> Forbidden() => new(null, Projects.Refusal.Forbidden, "Only an owner may do this.");

    /// <summary>The input is wrong.</summary>
    public static ChangeResult<T> Invalid(string problem) => new(null, Projects.Refusal.Invalid, problem);

    /// <summary>It would collide with something that is there.</summary>
    public static ChangeResult<T> Conflict(string problem) => new(null, Projects.Refusal.Conflict, problem);
}

/// <summary>Why a change was refused.</summary>
public enum Refusal
{
    /// <summary>404.</summary>
    NotFound,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>400.</summary>
    Invalid,

    /// <summary>409.</summary>
    Conflict,
}
