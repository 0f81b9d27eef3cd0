using System.Globalization;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Values in the stars column that are not whole numbers from 1 to 5. The first such value triggers one pass over the whole column. If only a few
/// values are not stars (a half star, 0 for no answer, the sum or the number of the others below the table), their rows count as rows without stars, and
/// a warning says so. If many are not, or if they are numbers on another scale, the column does not hold stars. A warning lists the scores that state their
/// scale ("8/10") with the stars they become.
/// </summary>
internal sealed class OddStars
{
    private const double MaxShare = 0.1;
    private const int MaxNamed = 5;
    private const int Scale = 5;

    private readonly Lazy<Found> _found;

    /// <param name="columns">The file's columns.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public OddStars(ReviewColumns columns, ReviewFileOptions options, Action<string> warn)
    {
        AreOptional = options.LabelColumn is not null && options.StarsColumn is null;
        _found = new Lazy<Found>(() => Look(columns, options, warn, AreOptional));
    }

    /// <summary>Whether the label is named and the stars are not, so that stars that cannot be read are left out.</summary>
    public bool AreOptional { get; }

    /// <summary>Whether only a few values are not stars, so that their rows count as rows without stars.</summary>
    public bool AreFew => _found.Value.AreFew;

    /// <summary>Whether the column is left out as a whole.</summary>
    public bool AreLeftOut => AreOptional && _found.Value is { AreFew: false } or { MixedScales: not null };

    /// <summary>What to do if the column holds scores on another scale, as a sentence after a space; empty if they do not look so.</summary>
    /// <param name="value">One that is no stars.</param>
    public string ScaleHint(string value) => _found.Value.Values.ScaleHint(value);

    /// <summary>Whether a row is one of those below the table that sum it up.</summary>
    /// <param name="place">The row's.</param>
    public bool IsSummary(string place) => _found.Value.Summary.Contains(place);

    /// <summary>Whether a value is stars, once the offset is added or its own scale is taken into account.</summary>
    /// <param name="value">What the file has, not missing.</param>
    /// <param name="offset">What is added to a number that does not say its scale.</param>
    /// <param name="stars">The stars, a whole number from 1 to 5.</param>
    /// <param name="isConverted">Whether the value says a scale other than 5, or a number that is not whole.</param>
    /// <param name="scale">What numbers that do not say their scale are out of; null if they are stars.</param>
    public static bool TryRead(string value, int offset, out double stars, out bool isConverted, int? scale = null)
    {
        isConverted = false;
        if (!StarText.TryParse(value, out double number, out int? stated))
        {
            stars = 0;
            return false;
        }
        scale = stated ?? scale;
        stars = scale is { } most ? StarText.OutOfFive(number, most) ?? 0 : number + offset;
        isConverted = scale is not null && (scale != Scale || stars != number);
        return stars is 1 or 2 or 3 or 4 or 5;
    }

    /// <summary>Makes sure that the whole column states one scale, and warns once which scores become which stars.</summary>
    /// <exception cref="SentimentMLException">Some numbers in the column do not state a scale, while others do.</exception>
    public void RequireOneScale()
    {
        if (_found.Value.MixedScales is { } fault)
            throw new SentimentMLException(fault);
    }

    private static Found Look(ReviewColumns columns, ReviewFileOptions options, Action<string> warn, bool areOptional)
    {
        ReviewFile file = columns.File;
        string name = file.Columns[columns.Stars];
        var counted = new Counted(columns.ScaleOf(options), options);
        var summary = new List<(string Place, string Value, bool HasText)>(); // rows that sum others up, unless more rows follow
        string firstPlace = ""; // of those, for the warning
        using RecordReader records = file.Open(columns.Needed(columns.Texts.Append(columns.Stars)));
        for (long row = 0; row < (options.MaxRows ?? long.MaxValue) && TryRead(records); row++)
        {
            string? value = records.Value(columns.Stars);
            if (StarText.IsMissing(value))
                continue;
            string text = columns.TextOf(records);
            bool hasText = !string.IsNullOrWhiteSpace(text);
            if (SummaryRow.IsCalled(text) || (summary.Count > 0 && !hasText))
            {
                if (summary.Count == 0)
                    firstPlace = records.LocalizedPlace;
                summary.Add((records.Place, value!, hasText));
                continue;
            }
            summary.ForEach(one => counted.Add(one.Value, one.Place, one.HasText)); // they were reviews
            summary.Clear();
            counted.Add(value!, records.Place, hasText);
        }
        bool areFew = counted.AreFew;
        if (summary is [var first, ..])
            warn(Localized.Say(
                $"{file.Path}, {firstPlace}: las últimas filas resumen las demás, como {Quoted.Value(first.Value)} en la columna '{name}'; sus estrellas no "
                    + "cuentan. Quita esas filas.",
                $"{file.Path}, {firstPlace}: the last rows sum the others up, as {Quoted.Value(first.Value)} in column '{name}' does; their stars are not "
                    + "counted. Take such rows out."));
        if (areOptional && (!areFew || counted.MixedScales is not null))
            warn(Localized.Say(
                $"{file.Path}: la columna '{name}' no se lee, porque no todos sus valores son estrellas ({counted.Named}); cuenta la etiqueta, la columna "
                    + $"'{options.LabelColumn}'.",
                $"{file.Path}: column '{name}' is not read, since not all of its values are stars ({counted.Named}); what counts is the label, column "
                    + $"'{options.LabelColumn}'."));
        else
            counted.Tell($"{file.Path}: ", name, warn);
        return new Found(counted, areFew, counted.MixedScales is { } mixed ? $"{file.Path}, column '{name}': {mixed}" : null,
            [.. summary.Select(one => one.Place)]);
    }

    /// <summary>Keeps the first few different ones; false for one that is there already.</summary>
    private static bool Add<T>(List<T> few, T one)
    {
        if (few.Contains(one))
            return false;
        if (few.Count < MaxNamed)
            few.Add(one);
        return true;
    }

    /// <summary>Stops at a malformed row: the cursor that reads it reports the fault.</summary>
    private static bool TryRead(RecordReader records)
    {
        try
        {
            return records.Read();
        }
        catch (SentimentMLException)
        {
            return false;
        }
    }

    /// <summary>What the pass found.</summary>
    /// <param name="Values">The column's values.</param>
    /// <param name="AreFew">Whether only a few values are not stars.</param>
    /// <param name="MixedScales">What is wrong with the scales; null if nothing is.</param>
    /// <param name="Summary">The places of the rows that sum the others up.</param>
    private sealed record Found(Counted Values, bool AreFew, string? MixedScales, HashSet<string> Summary);

    /// <summary>What the values are, as far as they were read.</summary>
    /// <param name="stated">What numbers that do not say their scale are out of; null if they are stars.</param>
    /// <param name="options">How the file is read.</param>
    private sealed class Counted(int? stated, ReviewFileOptions options)
    {
        private readonly List<string> _named = [];
        private readonly List<(string Value, double Stars)> _scores = [];
        private long _values, _odd, _zeros, _others, _converted;
        private double _largest, _sum;
        private bool _hasFive, _isTotal;
        private string? _plain, _scaled;

        /// <summary>The first values that are no stars.</summary>
        public string Named => $"{string.Join(", ", _named)}{(_odd > _named.Count ? ", …" : "")}";

        /// <summary>Zero is no answer where stars go up to 5, and the lowest of those that go up to 4.</summary>
        private bool MayBeginWithZero => _zeros > 0 && !_hasFive && _others == 0 && _largest < Scale && _scaled is null && stated is null;

        public bool AreFew => (_isTotal && _odd == 1)
            || (_others == 0 && !MayBeginWithZero && (_odd <= _values * MaxShare || (_odd == _zeros && (_hasFive || stated == Scale))));

        public string? MixedScales => _plain is null || _scaled is null ? null : $"{_plain} does not say its scale, beside {_scaled}, expected one scale in "
            + "all rows. Write the scale of each, such as 4/5, or keep the rows of one scale.";

        public string ScaleHint(string value)
        {
            string Set(string option, int number) => options.Names.Set(option, number.ToString(CultureInfo.InvariantCulture));
            if (options.StarsOffset != 0 || !StarText.TryParse(value, out double number, out int? said) || said is not null)
                return "";
            if (number == 0 && MayBeginWithZero)
                return $" If the stars go from 0 to 4, {Set(nameof(options.StarsOffset), 1)}. "
                    + $"If 0 stands for no answer, {Set(nameof(options.StarsScale), Scale)}.";
            int scale = Array.Find(StarText.Scales, scale => scale >= _largest);
            bool isOfAll = scale == Scale || _others > _values * MaxShare; // else it is a mistake, or a sum
            return !isOfAll || scale <= (stated ?? 0) || StarText.OutOfFive(number, scale) is not >= 1
                ? "" : $" If the scores are {(scale == Scale ? "stars with halves, to be rounded up" : $"out of {scale}")}, "
                    + $"{Set(nameof(options.StarsScale), scale)}.";
        }

        public void Add(string value, string place, bool hasText)
        {
            bool isNumber = StarText.TryParse(value, out double number, out int? scale);
            bool areStars = OddStars.TryRead(value, options.StarsOffset, out double stars, out bool isConverted, stated);
            if (!areStars && !hasText)
                return; // nothing is learned from the row, and nothing measured
            _values++;
            _isTotal = false; // of the last value it stays
            _largest = isNumber && scale is null ? Math.Max(_largest, number) : _largest;
            if (areStars)
            {
                _hasFive |= stars == Scale;
                _sum += number;
                if ((scale ??= stated) is null)
                    _plain ??= $"{Quoted.Value(value)} ({place})";
                else if (scale != Scale)
                    _scaled ??= $"{Quoted.Value(value)} ({place})";
                if (isConverted && OddStars.Add(_scores, (Quoted.Value(value), stars)))
                    _converted++;
                return;
            }
            _odd++;
            bool isOther = isNumber && scale is null && (number + options.StarsOffset < 0 || number + options.StarsOffset > (stated ?? Scale));
            _others += isOther ? 1 : 0;
            _isTotal = isOther && (number == _sum || number == _values - 1);
            _zeros += isNumber && number == 0 && options.StarsOffset == 0 && value.Any(char.IsDigit) ? 1 : 0;
            OddStars.Add(_named, Quoted.Value(value));
        }

        /// <summary>Warns of values that are no stars, and of scores that become stars.</summary>
        public void Tell(string path, string name, Action<string> warn)
        {
            if (AreFew && _odd > 0 && !options.Strict)
                warn(Localized.Say(
                    $"{path}{_odd} de {_values} valores de la columna '{name}' no son estrellas ({Named}); esas filas cuentan como filas sin estrellas.",
                    $"{path}{_odd} of {_values} values in column '{name}' are no stars ({Named}); such rows count as rows without stars."));
            if (_scores.Count == 0 || MixedScales is not null)
                return;
            string scores = string.Join(", ", _scores.Select(score => $"{score.Value} {Localized.Say("como", "as")} {score.Stars}"))
                + (_converted > _scores.Count ? ", …" : "");
            warn(Localized.Say(
                $"{path}las notas de la columna '{name}'{(stated is not null ? $", sobre {stated}," : " que dicen su escala")} se leen como "
                    + $"estrellas enteras de 1 a 5, con las medias hacia arriba: {scores}.",
                $"{path}scores in column '{name}' {(stated is not null ? $"out of {stated}" : "that say their scale")} are read as whole stars from 1 to 5, "
                    + $"halves rounded up: {scores}."));
        }
    }
}
