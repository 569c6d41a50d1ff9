namespace ErrorHub.Activity;

/// <summary>
/// Marks the request of a use case that changes something and that no person and no token sends: what an SDK brings, and the upkeep
/// by the clock. It leaves no <see cref="ActivityRecord"/>.
/// </summary>
public interface IUnattended;
