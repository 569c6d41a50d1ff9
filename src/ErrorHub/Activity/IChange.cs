namespace ErrorHub.Activity;

/// <summary>
/// Marks the request of a use case that changes something for a person or a token. Its handler adds an <see cref="ActivityRecord"/>
/// in the transaction of the change; a test runs every marked request and looks for the record.
/// </summary>
public interface IChange;
