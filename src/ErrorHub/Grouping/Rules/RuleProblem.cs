namespace ErrorHub.Grouping.Rules;

/// <summary>Why a line is no rule.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">What is wrong with it and what to write instead.</param>
public sealed record RuleProblem(int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"Line {Line}: {Text}";
}
