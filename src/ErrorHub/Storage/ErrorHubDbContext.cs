using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Attachments;
using ErrorHub.DeadLetters;
using ErrorHub.Events;
using ErrorHub.Feedback;
using ErrorHub.Issues;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Regrouping;
using ErrorHub.Releases;
using ErrorHub.Sessions;
using ErrorHub.Similarity;
using ErrorHub.SourceMaps;
using ErrorHub.Stats;
using ErrorHub.Tags;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage;

/// <summary>
/// The one model, for both providers. Two kinds of tables live in it, with no foreign key between them (performance.md 3.5, rule 4):
/// the control plane (users, tokens, projects, keys, activity) and projects' data, whose every key and index starts with the project.
/// </summary>
public sealed class ErrorHubDbContext(DbContextOptions<ErrorHubDbContext> options)
    : IdentityUserContext<User, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>Projects, deleted ones included.</summary>
    public DbSet<Project> Projects => Set<Project>();

    /// <summary>DSNs.</summary>
    public DbSet<ProjectKey> ProjectKeys => Set<ProjectKey>();

    /// <summary>Who may see which project.</summary>
    public DbSet<ProjectMember> ProjectMembers => Set<ProjectMember>();

    /// <summary>Tokens of the web API.</summary>
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    /// <summary>Set-up and invitation links.</summary>
    public DbSet<OneTimeLink> OneTimeLinks => Set<OneTimeLink>();

    /// <summary>Changes by people and tokens.</summary>
    public DbSet<ActivityRecord> Activity => Set<ActivityRecord>();

    /// <summary>Keys that protect cookies; in the database because every process needs the same.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Issues.</summary>
    public DbSet<Issue> Issues => Set<Issue>();

    /// <summary>From hash to issue.</summary>
    public DbSet<IssueFingerprint> IssueFingerprints => Set<IssueFingerprint>();

    /// <summary>From issues that were merged away to where they are now.</summary>
    public DbSet<IssueRedirect> IssueRedirects => Set<IssueRedirect>();

    /// <summary>Changes of grouping rules, tried and applied.</summary>
    public DbSet<GroupingChange> GroupingChanges => Set<GroupingChange>();

    /// <summary>Call paths that were split off issues.</summary>
    public DbSet<CallPathSplit> CallPathSplits => Set<CallPathSplit>();

    /// <summary>From hash to stack.</summary>
    public DbSet<IssueStack> IssueStacks => Set<IssueStack>();

    /// <summary>Histories of issues.</summary>
    public DbSet<IssueTransition> IssueTransitions => Set<IssueTransition>();

    /// <summary>Users affected.</summary>
    public DbSet<IssueUser> IssueUsers => Set<IssueUser>();

    /// <summary>Users affected, of issues with very many.</summary>
    public DbSet<IssueUserSketch> IssueUserSketches => Set<IssueUserSketch>();

    /// <summary>Tag values by issue.</summary>
    public DbSet<IssueTag> IssueTags => Set<IssueTag>();

    /// <summary>Event counts by issue and hour.</summary>
    public DbSet<IssueHour> IssueHours => Set<IssueHour>();

    /// <summary>Outcomes by project and hour.</summary>
    public DbSet<OutcomeHour> OutcomeHours => Set<OutcomeHour>();

    /// <summary>What scrubbing removed by project and day.</summary>
    public DbSet<RemovalDay> RemovalDays => Set<RemovalDay>();

    /// <summary>Places from which scrubbing removed something.</summary>
    public DbSet<RemovalPath> RemovalPaths => Set<RemovalPath>();

    /// <summary>Runs that scrub stored events again.</summary>
    public DbSet<RescrubRun> RescrubRuns => Set<RescrubRun>();

    /// <summary>Where stored events may hold what should not be there.</summary>
    public DbSet<PrivacyFinding> PrivacyFindings => Set<PrivacyFinding>();

    /// <summary>Events.</summary>
    public DbSet<StoredEvent> Events => Set<StoredEvent>();

    /// <summary>Event ids, unique per project.</summary>
    public DbSet<EventKey> EventKeys => Set<EventKey>();

    /// <summary>Events that could not be stored.</summary>
    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();

    /// <summary>Files that came with events; their bytes are not in the database.</summary>
    public DbSet<Attachment> Attachments => Set<Attachment>();

    /// <summary>What users wrote.</summary>
    public DbSet<UserFeedback> UserFeedback => Set<UserFeedback>();

    /// <summary>Sessions by release, environment and hour.</summary>
    public DbSet<SessionHour> SessionHours => Set<SessionHour>();

    /// <summary>What single sessions were last counted as.</summary>
    public DbSet<SessionState> SessionStates => Set<SessionState>();

    /// <summary>Releases.</summary>
    public DbSet<Release> Releases => Set<Release>();

    /// <summary>What pipelines say of releases.</summary>
    public DbSet<ReleaseDetails> ReleaseDetails => Set<ReleaseDetails>();

    /// <summary>Commits of releases.</summary>
    public DbSet<ReleaseCommit> ReleaseCommits => Set<ReleaseCommit>();

    /// <summary>Deploys of releases.</summary>
    public DbSet<ReleaseDeploy> ReleaseDeploys => Set<ReleaseDeploy>();

    /// <summary>Uploaded source maps.</summary>
    public DbSet<ArtifactBundle> ArtifactBundles => Set<ArtifactBundle>();

    /// <summary>Environments.</summary>
    public DbSet<ReleaseEnvironment> Environments => Set<ReleaseEnvironment>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(ErrorHubDbContext).Assembly);
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
    }
}
