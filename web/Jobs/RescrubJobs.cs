using ErrorHub.Privacy;
using ErrorHub.UseCases;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>Work on stored events that their project's owner asked for.</summary>
internal sealed class RescrubJobs(UseCaseSender useCases, JobTrigger jobs)
{
    public const string Id = "rescrub";

    /// <summary>Goes on with what is not done, in turns that let other jobs in between. The next minute tries again; a run under way is not disturbed.</summary>
    [AutomaticRetry(Attempts = 0)]
    public async Task ContinueAsync(CancellationToken cancellationToken)
    {
        if (await useCases.SendAsync(new ContinueRescrubs(), cancellationToken))
            jobs.Rescrub(TimeSpan.Zero);
    }
}

/// <summary>Lets a job run when there is something to do, and not when the clock strikes next.</summary>
/// <param name="services">Has Hangfire in a process that does the work, and not in others.</param>
internal sealed class JobTrigger(IServiceProvider services)
{
    public void Rescrub(TimeSpan delay)
    {
        try
        {
            var jobs = services.GetService<IBackgroundJobClient>();
            if (delay > TimeSpan.Zero)
                jobs?.Schedule<RescrubJobs>(job => job.ContinueAsync(CancellationToken.None), delay);
            else
                jobs?.Enqueue<RescrubJobs>(job => job.ContinueAsync(CancellationToken.None));
        }
        catch (BackgroundJobClientException)
        {
            // What is to be done is stored; the clock finds it.
        }
    }
}
