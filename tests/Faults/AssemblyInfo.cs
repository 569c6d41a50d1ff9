using Xunit.Sdk;

// One fault at a time: on two cores a second one would be a fault of its own in the first one's times.
[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.None)]
