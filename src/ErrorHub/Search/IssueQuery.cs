using System.Diagnostics.CodeAnalysis;

namespace ErrorHub.Search;

/// <summary>
/// The parsed search box: terms that must all hold, such as <c>is:unresolved !level:info browser:"Chrome 120" checkout*</c>.
/// </summary>
/// <remarks>
/// The grammar is that of Sentry's issue search as its documentation describes it: words are looked for in title, value and
/// culprit; <c>key:value</c> narrows by a known key or else by a tag; <c>!</c> negates; <c>*</c> stands for anything at either end;
/// quotation marks take a value literally; <c>key:[a, b]</c> means either.
/// </remarks>
public sealed class IssueQuery
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 1_000;

    /// <summary>Most terms in one query: each is a condition the database must check.</summary>
    public const int MaxTerms = 30;

    private IssueQuery(IReadOnlyList<IssueTerm> terms) => Terms = terms;

    /// <summary>The query that everything matches.</summary>
    public static IssueQuery Everything { get; } = new([]);

    internal IReadOnlyList<IssueTerm> Terms { get; }

    /// <summary>Reads the text of the search box.</summary>
    /// <param name="text">The text; empty matches everything.</param>
    /// <param name="query">The query; null when the text is wrong.</param>
    /// <param name="error">What is wrong and where; null when nothing is.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out IssueQuery? query, [NotNullWhen(false)] out IssueQueryError? error)
    {
        query = null;
        if (!IssueQueryTokens.TryRead(text, out var tokens, out error))
            return false;

        var terms = new List<IssueTerm>(tokens.Count);
        foreach (var token in tokens)
        {
            if (!IssueTermParser.TryParse(token, out var term, out error))
                return false;

            terms.Add(term);
        }

        query = new IssueQuery(terms);
        return true;
    }
}

/// <summary>What is wrong with a query.</summary>
/// <param name="Position">Index of the character where it is, from 0.</param>
/// <param name="Message">What to write instead, for people.</param>
public sealed record IssueQueryError(int Position, string Message)
{
    /// <summary>Both in one sentence.</summary>
    public override string ToString() => $"At character {Position + 1}: {Message}";
}
