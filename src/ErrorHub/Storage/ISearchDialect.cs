using System.Linq.Expressions;

namespace ErrorHub.Storage;

/// <summary>The door a provider implements for searching text: how LIKE is told to ignore case.</summary>
public interface ISearchDialect
{
    /// <summary>The condition that a text matches a LIKE pattern without regard to case.</summary>
    /// <param name="pattern">With <c>%</c> and <c>_</c> as wildcards and <c>\</c> to escape them.</param>
    Expression<Func<string, bool>> Like(string pattern);
}
