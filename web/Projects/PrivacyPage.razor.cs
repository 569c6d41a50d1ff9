using System.Text;
using ErrorHub.Accounts;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace ErrorHub.Web.Projects;

/// <summary>The page on which a project's owner sets how its events are scrubbed.</summary>
public sealed partial class PrivacyPage
{
    private static readonly (AddressHandling, string)[] Addresses =
        [(AddressHandling.Remove, "Remove"), (AddressHandling.Truncate, "Keep the network"), (AddressHandling.Keep, "Keep")];

    private static readonly (PartHandling, string)[] SourceLines =
        [(PartHandling.Keep, "Keep"), (PartHandling.Mask, "Mask texts and numbers"), (PartHandling.Drop, "Drop")];

    private static readonly (PartHandling, string)[] Parts =
        [(PartHandling.Keep, "Keep"), (PartHandling.Mask, "Mask values"), (PartHandling.Drop, "Drop")];

    private static readonly (ScrubbingProfile, string)[] Profiles =
        [(ScrubbingProfile.Strict, "strict: everything ErrorHub recognises"), (ScrubbingProfile.SentryCompat, "sentry-compat: what Sentry removes, and no more")];

    private static readonly (SentryRules, string)[] Switches =
        [(SentryRules.All, "All"), (SentryRules.OwnNames, "The names above only"), (SentryRules.None, "Off")];

    private AccessScope _scope = AccessScope.Nobody;
    private ProjectRow? _project;
    private PrivacyForm? _form;
    private bool _isUnreadable;
    private IReadOnlyList<SettingProblem> _problems = [];
    private string? _problem;
    private ScrubbingPreview? _preview;
    private ScrubbingProposal? _proposal;

    /// <summary>The project.</summary>
    [Parameter]
    public required string Slug { get; set; }

    /// <summary>True when the settings were saved a moment ago.</summary>
    [SupplyParameterFromQuery(Name = "saved")]
    public bool Saved { get; set; }

    /// <summary>The detector of a finding for which a rule is proposed.</summary>
    [SupplyParameterFromQuery(Name = "rule")]
    public string? FindingRule { get; set; }

    /// <summary>The place of that finding.</summary>
    [SupplyParameterFromQuery(Name = "place")]
    public string? FindingPlace { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "privacy", Name = "Form")]
    private PrivacyForm? Typed { get; set; }

    [SupplyParameterFromForm(FormName = "privacy", Name = "verb")]
    private string? Verb { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _scope = await Caller.GetAsync(HttpContext.RequestAborted);
        _project = await UseCases.SendAsync(new GetProject(_scope, Slug), HttpContext.RequestAborted);
        var scrubbing = await UseCases.SendAsync(new GetScrubbing(_scope, Slug), HttpContext.RequestAborted);
        if (_project is null || scrubbing is null)
        {
            Navigation.NotFound();
            return;
        }

        _isUnreadable = scrubbing.IsUnreadable;
        if (Typed is null && FindingRule is not null && FindingPlace is not null)
            _proposal = await UseCases.SendAsync(new GetProposal(_scope, Slug, FindingRule, FindingPlace), HttpContext.RequestAborted);

        _form = Typed ?? PrivacyForm.Of(_proposal?.Settings ?? scrubbing.Settings);
        if (Typed is not null && !_scope.IsOwner)
            _form = PrivacyForm.Of(scrubbing.Settings, Typed.Event);
    }

    private async Task SubmitAsync()
    {
        var settings = _form!.ToSettings();
        _problems = ScrubbingPolicy.Check(settings);
        if (_problems.Count > 0)
            _problem = Verb == "preview" ? "There is nothing to preview: see what is wrong below." : "Nothing was saved: see what is wrong below.";
        else if (Verb == "preview")
            await PreviewAsync(settings);
        else
            await SaveAsync(settings);
    }

    private async Task PreviewAsync(ScrubbingSettings settings)
    {
        ReadOnlyMemory<byte>? sent = string.IsNullOrWhiteSpace(_form!.Event) ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(_form.Event);
        // A member's form has no settings: they are there to look at.
        var result = await UseCases.SendAsync(new GetScrubbingPreview(_scope, Slug, _scope.IsOwner ? settings : null, sent), HttpContext.RequestAborted);
        (_preview, _problem) = (result.Value, result.Problem);
    }

    private async Task SaveAsync(ScrubbingSettings settings)
    {
        var result = await UseCases.SendAsync(new SetScrubbing(_scope, Slug, settings), HttpContext.RequestAborted);
        if (result.Value is not null)
            Navigation.NavigateTo(Urls.ProjectPrivacy(Slug) + "?saved=true");
        _problem = result.Problem;
    }
}
