using ErrorHub.Privacy;
using ErrorHub.UseCases;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>Work on stored events that their project's owner asked for.</summary>
internal sealed class RescrubJobs(UseCaseSender useCases)
{
    public const string Id = "rescrub";

    /// <summary>Goes on with what is not done. The next minute tries again; a run under way is not disturbed.</summary>
    [AutomaticRetry(Attempts = 0)]
    public Task ContinueAsync(CancellationToken cancellationToken) => useCases.SendAsync(new ContinueRescrubs(), cancellationToken);
}

/// <summary>Lets a job run at once that the clock would start within a minute.</summary>
/// <param name="services">Has Hangfire in a process that does the work, and not in others.</param>
internal sealed class JobTrigger(IServiceProvider services)
{
    public void Rescrub()
    {
        try
        {
            services.GetService<IRecurringJobManager>()?.Trigger(RescrubJobs.Id);
        }
        catch (BackgroundJobClientException)
        {
            // What is to be done is stored; the clock finds it.
        }
    }
}
