namespace ErrorHub.Ingest;

/// <summary>What became of an event that was given to the writer.</summary>
public enum WriteAnswer
{
    /// <summary>Nowhere: its sender must be told.</summary>
    Unavailable,

    /// <summary>In the database.</summary>
    Stored,

    /// <summary>The project has an event of this id already.</summary>
    Duplicate,

    /// <summary>On local disk, until the database takes it.</summary>
    Spooled,

    /// <summary>Nowhere: it is one of many of its kind while the spool fills. Its sender must be told.</summary>
    Shed,

    /// <summary>The database refuses it for good; it is kept among the dead letters, with the reason.</summary>
    DeadLettered,
}
