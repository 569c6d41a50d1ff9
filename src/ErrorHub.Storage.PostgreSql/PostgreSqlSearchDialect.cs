using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>PostgreSQL has ILIKE.</summary>
internal sealed class PostgreSqlSearchDialect : ISearchDialect
{
    public Expression<Func<string, bool>> Like(string pattern) => text => EF.Functions.ILike(text, pattern, @"\");
}
