using System.Linq.Expressions;

namespace ErrorHub.Search;

/// <summary>Puts conditions together so that EF sees one expression.</summary>
internal static class ConditionExpressions
{
    /// <summary>The condition on what <paramref name="select"/> reads, false for null so that its negation includes null.</summary>
    public static Expression<Func<T, bool>> Where<T>(this Expression<Func<T, string?>> select, Expression<Func<string, bool>> condition)
    {
        var value = select.Body;
        var matches = new Replacement(condition.Parameters[0], value).Visit(condition.Body);
        var notNull = Expression.NotEqual(value, Expression.Constant(null, typeof(string)));
        return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(notNull, matches), select.Parameters);
    }

    /// <summary>True when either holds.</summary>
    public static Expression<Func<T, bool>> Or<T>(this Expression<Func<T, bool>> left, Expression<Func<T, bool>> right)
    {
        var body = new Replacement(right.Parameters[0], left.Parameters[0]).Visit(right.Body);
        return Expression.Lambda<Func<T, bool>>(Expression.OrElse(left.Body, body), left.Parameters);
    }

    /// <summary>True when it does not hold.</summary>
    public static Expression<Func<T, bool>> Not<T>(this Expression<Func<T, bool>> condition) =>
        Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters);

    private sealed class Replacement(ParameterExpression parameter, Expression replacement) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? replacement : node;
    }
}
