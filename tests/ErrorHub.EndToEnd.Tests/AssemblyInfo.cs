using Xunit.Sdk;

// One server, SDK or browser at a time: two cores run them all, and the .NET SDK has one static hub per process.
[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.None)]
