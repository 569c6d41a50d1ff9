namespace ErrorHub.Scrubbing.Compat;

/// <summary>Which values of an event a rule is for: <c>$string &amp;&amp; !(extra.** || $error.value)</c>. Read by <see cref="SelectorParser"/>.</summary>
internal abstract record Selector
{
    /// <summary>Every text that can be reached at all.</summary>
    internal static Selector Texts { get; } = new Everywhere();

    /// <summary>True when the value is selected.</summary>
    internal virtual bool Selects(PiiPath path) => path.Reach switch
    {
        PiiReach.Always => Matches(path),
        PiiReach.WhenNamed => Matches(path) && Names(path),
        _ => false,
    };

    /// <summary>True when the words fit.</summary>
    protected abstract bool Matches(PiiPath path);

    /// <summary>True when the value is called by a name, of a selector whose words fit.</summary>
    protected abstract bool Names(PiiPath path);

    private sealed record Everywhere : Selector
    {
        internal override bool Selects(PiiPath path) => path.Reach != PiiReach.Never && Matches(path);

        protected override bool Matches(PiiPath path) => path.Steps is [.., var last] && (last.Types & PiiTypes.String) != 0;

        protected override bool Names(PiiPath path) => false;
    }

    /// <summary>Everything but.</summary>
    internal sealed record Not(Selector Inner) : Selector
    {
        protected override bool Matches(PiiPath path) => !Inner.Matches(path);

        protected override bool Names(PiiPath path) => false;
    }

    /// <summary>What both select.</summary>
    internal sealed record And(Selector Left, Selector Right) : Selector
    {
        protected override bool Matches(PiiPath path) => Left.Matches(path) && Right.Matches(path);

        protected override bool Names(PiiPath path) => Left.Names(path) || Right.Names(path);
    }

    /// <summary>What either selects.</summary>
    internal sealed record Or(Selector Left, Selector Right) : Selector
    {
        protected override bool Matches(PiiPath path) => Left.Matches(path) || Right.Matches(path);

        protected override bool Names(PiiPath path) => (Left.Matches(path) && Left.Names(path)) || (Right.Matches(path) && Right.Names(path));
    }

    /// <summary>The last steps to the value.</summary>
    internal sealed record Path(IReadOnlyList<Item> Items) : Selector
    {
        protected override bool Matches(PiiPath path) => Matches(path.Steps) || (path.Short is { } steps && Matches(steps));

        protected override bool Names(PiiPath path) => Items.Any(item => item.IsName);

        // From the value upwards. A ** takes one step, and one more each time that what stands before it does not fit: once is enough to
        // go back to the last of them, so the cost is steps times items.
        private bool Matches(IReadOnlyList<PiiStep> steps)
        {
            var (item, step, deepItem, deepStep) = (Items.Count - 1, steps.Count - 1, -1, -1);
            while (item >= 0)
            {
                // In front it may also stand for nothing.
                if (Items[item].IsDeep && item == 0)
                    return true;
                if (step < 0)
                    return false;

                if (Items[item].IsDeep)
                    (deepItem, deepStep, item, step) = (item, step, item - 1, step - 1);
                else if (Items[item].Fits(steps[step]))
                    (item, step) = (item - 1, step - 1);
                else if (deepItem >= 0)
                    (item, step, deepStep) = (deepItem - 1, deepStep - 2, deepStep - 1);
                else
                    return false;
            }

            return true;
        }
    }

    /// <summary>A word of a path: <c>$string</c>, <c>*</c>, <c>**</c>, <c>0</c>, <c>key</c>.</summary>
    /// <param name="Type">The type; null for all others.</param>
    /// <param name="Key">The key or number; null for all others.</param>
    /// <param name="IsDeep">True for <c>**</c>.</param>
    internal sealed record Item(PiiTypes? Type, string? Key, bool IsDeep)
    {
        // $error.** names as little as $string does, but reaches no further than errors.
        private const PiiTypes Generic = PiiTypes.String | PiiTypes.Number | PiiTypes.Boolean | PiiTypes.Array | PiiTypes.Object;

        internal bool IsName => Key is not null || (Type is { } type && (type & Generic) == 0);

        internal bool Fits(PiiStep step) =>
            Type is { } type ? (step.Types & type) != 0
            : Key is null || (step.Key is { } key ? key.Equals(Key, StringComparison.OrdinalIgnoreCase) : int.TryParse(Key, out var index) && index == step.Index);
    }
}
