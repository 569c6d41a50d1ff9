using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ErrorHub.Storage.Sqlite;

/// <summary>
/// What SQLite stores differently: times as Unix microseconds, since EF can neither order nor compare DateTimeOffset there, and
/// ids as 16 big-endian bytes, so that uuidv7 keys sort by time.
/// </summary>
internal sealed class SqliteModelCustomizer(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type == typeof(DateTimeOffset))
                property.SetValueConverter(Microseconds);
            else if (type == typeof(Guid))
                property.SetValueConverter(BigEndianBytes);
        }
    }

    private static readonly ValueConverter<DateTimeOffset, long> Microseconds = new(
        time => SqliteTime.ToMicroseconds(time),
        microseconds => SqliteTime.FromMicroseconds(microseconds));

    private static readonly ValueConverter<Guid, byte[]> BigEndianBytes = new(
        id => id.ToByteArray(true),
        bytes => new Guid(bytes, true));
}
