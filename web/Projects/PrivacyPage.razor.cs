using ErrorHub.Accounts;
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

    private AccessScope _scope = AccessScope.Nobody;
    private ProjectRow? _project;
    private PrivacyForm? _form;
    private bool _isUnreadable;
    private IReadOnlyList<SettingProblem> _problems = [];
    private string? _problem;

    /// <summary>The project.</summary>
    [Parameter]
    public required string Slug { get; set; }

    /// <summary>True when the settings were saved a moment ago.</summary>
    [SupplyParameterFromQuery(Name = "saved")]
    public bool Saved { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "privacy", Name = "Form")]
    private PrivacyForm? Typed { get; set; }

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
        _form = Typed ?? PrivacyForm.Of(scrubbing.Settings);
    }

    private async Task SaveAsync()
    {
        var settings = _form!.ToSettings();
        _problems = ScrubbingPolicy.Check(settings);
        if (_problems.Count > 0)
        {
            _problem = "Nothing was saved: see what is wrong below.";
            return;
        }

        var result = await UseCases.SendAsync(new SetScrubbing(_scope, Slug, settings), HttpContext.RequestAborted);
        if (result.Value is not null)
            Navigation.NavigateTo(Urls.ProjectPrivacy(Slug) + "?saved=true");
        _problem = result.Problem;
    }
}
