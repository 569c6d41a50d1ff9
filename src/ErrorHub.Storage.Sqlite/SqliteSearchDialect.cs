using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Sqlite;

/// <summary>SQLite's LIKE ignores the case of ASCII letters by itself; it knows no other alphabets.</summary>
internal sealed class SqliteSearchDialect : ISearchDialect
{
    public Expression<Func<string, bool>> Like(string pattern) => text => EF.Functions.Like(text, pattern, @"\");
}
