namespace ErrorHub.Demo;

/// <summary>There are events already, and made-up ones must not mix with them. The message is one line for the operator.</summary>
public sealed class InstallationNotEmptyException(string message) : Exception(message);
