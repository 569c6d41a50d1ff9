using ErrorHub.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErrorHub.Attachments;

/// <summary>Registers what stores, shows and removes attachments.</summary>
public static class AttachmentsModule
{
    /// <summary>Adds the files, the intake and the options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataDirectory">Where the directory <c>attachments</c> is made.</param>
    public static IServiceCollection AddAttachments(this IServiceCollection services, string dataDirectory)
    {
        services.AddOptions<AttachmentOptions>().BindConfiguration(AttachmentOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AttachmentOptions>, AttachmentOptionsValidator>();
        services.AddSingleton(new AttachmentFiles(dataDirectory));
        services.AddSingleton<AttachmentIntake>();
        services.AddSingleton<ISpoolNoteStore>(provider => provider.GetRequiredService<AttachmentIntake>());
        services.AddScoped<AttachmentRemoval>();
        return services;
    }
}
