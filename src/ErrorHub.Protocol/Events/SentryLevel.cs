namespace ErrorHub.Protocol.Events;

/// <summary>How bad the sender says an event is. The values order them.</summary>
public enum SentryLevel : short
{
    /// <summary><c>debug</c>, numeric 10.</summary>
    Debug = 10,

    /// <summary><c>info</c> or its alias <c>log</c>, numeric 20.</summary>
    Info = 20,

    /// <summary><c>warning</c>, numeric 30.</summary>
    Warning = 30,

    /// <summary><c>error</c>, numeric 40: the default.</summary>
    Error = 40,

    /// <summary><c>fatal</c> or its alias <c>critical</c>, numeric 50.</summary>
    Fatal = 50,
}
