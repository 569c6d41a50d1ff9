using System.Diagnostics;
using System.Linq.Expressions;
using ErrorHub.Issues;
using ErrorHub.Storage;
using ErrorHub.Tags;

namespace ErrorHub.Search;

/// <summary>Translates a query's terms to conditions that both providers turn into SQL.</summary>
/// <param name="db">The context of the query.</param>
/// <param name="dialect">What the provider does differently.</param>
/// <param name="now">Now, for relative times.</param>
/// <param name="me">Who <c>assigned:me</c> is; null for nobody.</param>
internal sealed class IssueQueryFilter(ErrorHubDbContext db, ISearchDialect dialect, DateTimeOffset now, Guid? me)
{
    /// <summary>The issues for which every term holds.</summary>
    public IQueryable<Issue> Apply(IQueryable<Issue> issues, IssueQuery query)
    {
        foreach (var term in query.Terms)
        {
            var condition = ConditionOf(term);
            issues = issues.Where(term.Negated ? condition.Not() : condition);
        }

        return issues;
    }

    private Expression<Func<Issue, bool>> ConditionOf(IssueTerm term) => term switch
    {
        IssueTerm.Text text => AnyText(text.Pattern),
        IssueTerm.Is state => InState(state.State),
        IssueTerm.Level { Levels: [var level] } => i => i.Level == level,
        IssueTerm.Level { Levels: var levels } => i => levels.Contains(i.Level),
        IssueTerm.Assigned assigned => IsAssigned(assigned),
        IssueTerm.Seen { First: true } seen => Seen(seen.Bound, first: true),
        IssueTerm.Seen seen => Seen(seen.Bound, first: false),
        IssueTerm.TimesSeen times => TimesSeen(times.Comparison, times.Count),
        IssueTerm.Handled { Value: true } => i => i.Handled != false,
        IssueTerm.Handled => i => i.Handled == false,
        IssueTerm.Column column => AnyOf(ColumnOf(column.Name), column.Patterns),
        IssueTerm.Project { Slugs: var slugs } => i => db.Projects.Any(p => p.Id == i.ProjectId && slugs.Contains(p.Slug)),
        IssueTerm.ShortId { ProjectSlug: var slug, Number: var number } =>
            i => (i.Number == number || db.IssueRedirects.Any(r => r.ProjectId == i.ProjectId && r.Number == number && r.TargetId == i.Id))
                && db.Projects.Any(p => p.Id == i.ProjectId && p.Slug == slug),
        IssueTerm.Tag tag => Tagged(tag),
        _ => throw new UnreachableException(),
    };

    private Expression<Func<Issue, bool>> AnyText(TextPattern pattern)
    {
        var like = dialect.Like(pattern.ToLike());
        return ColumnOf(IssueColumn.Title).Where(like)
            .Or(ColumnOf(IssueColumn.Value).Where(like))
            .Or(ColumnOf(IssueColumn.Culprit).Where(like));
    }

    private Expression<Func<Issue, bool>> InState(IssueState state)
    {
        var newSince = now - IssueStates.NewFor;
        return state switch
        {
            IssueState.Unresolved => i => i.Status == IssueStatus.Unresolved,
            IssueState.Resolved => i => i.Status == IssueStatus.Resolved,
            IssueState.Archived => i => i.Status == IssueStatus.Archived,
            IssueState.ForReview =>
                i => i.Status == IssueStatus.Unresolved
                    && (i.Substatus == IssueSubstatus.Regressed || (i.Substatus == IssueSubstatus.New && i.FirstSeen >= newSince)),
            IssueState.New =>
                i => i.Status == IssueStatus.Unresolved && i.Substatus == IssueSubstatus.New && i.FirstSeen >= newSince,
            IssueState.Ongoing =>
                i => i.Status == IssueStatus.Unresolved
                    && (i.Substatus == IssueSubstatus.Ongoing || (i.Substatus == IssueSubstatus.New && i.FirstSeen < newSince)),
            IssueState.Regressed => i => i.Status == IssueStatus.Unresolved && i.Substatus == IssueSubstatus.Regressed,
            IssueState.Escalating => i => i.Status == IssueStatus.Unresolved && i.Substatus == IssueSubstatus.Escalating,
            IssueState.Assigned => i => i.AssigneeId != null,
            IssueState.Unassigned => i => i.AssigneeId == null,
            _ => throw new UnreachableException(),
        };
    }

    private Expression<Func<Issue, bool>> IsAssigned(IssueTerm.Assigned assigned)
    {
        switch (assigned.Who)
        {
            case Assignee.Nobody:
                return i => i.AssigneeId == null;
            case Assignee.Me when me is null:
                return i => false;
            case Assignee.Me:
                return i => i.AssigneeId == me;
            default:
                // Identity stores addresses in upper case beside the original, for comparisons like this one.
                var normalized = assigned.Email!.ToUpperInvariant();
                return i => db.Users.Any(u => u.Id == i.AssigneeId && u.NormalizedEmail == normalized);
        }
    }

    private Expression<Func<Issue, bool>> Seen(TimeBound bound, bool first)
    {
        var (from, until) = bound.At(now);
        return (first, from, until) switch
        {
            (true, { } f, { } u) => i => i.FirstSeen >= f && i.FirstSeen < u,
            (true, { } f, null) => i => i.FirstSeen >= f,
            (true, null, { } u) => i => i.FirstSeen < u,
            (false, { } f, { } u) => i => i.LastSeen >= f && i.LastSeen < u,
            (false, { } f, null) => i => i.LastSeen >= f,
            (false, null, { } u) => i => i.LastSeen < u,
            _ => throw new UnreachableException(),
        };
    }

    private static Expression<Func<Issue, bool>> TimesSeen(Comparison comparison, long count) => comparison switch
    {
        Comparison.Equal => i => i.EventCount == count,
        Comparison.Greater => i => i.EventCount > count,
        Comparison.GreaterOrEqual => i => i.EventCount >= count,
        Comparison.Less => i => i.EventCount < count,
        Comparison.LessOrEqual => i => i.EventCount <= count,
        _ => throw new UnreachableException(),
    };

    private static Expression<Func<Issue, string?>> ColumnOf(IssueColumn column) => column switch
    {
        IssueColumn.Title => i => i.Title,
        IssueColumn.Type => i => i.Type,
        IssueColumn.Value => i => i.Value,
        IssueColumn.Culprit => i => i.Culprit,
        IssueColumn.Platform => i => i.Platform,
        IssueColumn.Logger => i => i.Logger,
        _ => throw new UnreachableException(),
    };

    private Expression<Func<Issue, bool>> Tagged(IssueTerm.Tag tag)
    {
        var key = tag.Key;
        var tags = db.IssueTags.Where(t => t.Key == key);
        if (tag.Patterns.Count > 0)
            tags = tags.Where(AnyOf<IssueTag>(t => t.Value, tag.Patterns));

        return i => tags.Any(t => t.ProjectId == i.ProjectId && t.IssueId == i.Id);
    }

    private Expression<Func<T, bool>> AnyOf<T>(Expression<Func<T, string?>> text, IReadOnlyList<TextPattern> patterns) =>
        patterns.Select(pattern => Matching(text, pattern)).Aggregate(ConditionExpressions.Or);

    private Expression<Func<T, bool>> Matching<T>(Expression<Func<T, string?>> text, TextPattern pattern)
    {
        var exact = pattern.Text;
        return text.Where(pattern.IsExact ? value => value == exact : dialect.Like(pattern.ToLike()));
    }
}
