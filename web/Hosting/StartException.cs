namespace ErrorHub.Web.Hosting;

/// <summary>The program cannot start for a reason its operator can mend. The message is one line: the setting or thing, its problem, what to do.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
