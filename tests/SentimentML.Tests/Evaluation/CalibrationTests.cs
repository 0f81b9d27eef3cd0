namespace SentimentML.Tests.Evaluation;

public class CalibrationTests
{
    [Fact]
    public void Logits_too_large_by_a_factor_get_that_factor_as_temperature()
    {
        // Of 100 rows with logits (0, ln 4), 80 are of the second class: exactly calibrated. Seven times that is seven times too sure.
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? 1 : 0)];
        double[][] logits = [.. labels.Select(_ => new[] { 0, 7 * Math.Log(4) })];

        Calibration calibration = Calibration.Fit(labels, logits);

        Assert.Equal(7, calibration.Temperature, 1e-9);
        Assert.True(calibration.LogLossAfter < calibration.LogLossBefore, $"{calibration.LogLossBefore} -> {calibration.LogLossAfter}");
        Assert.Equal([0.2, 0.8], calibration.Apply(logits[0]).Select(p => Math.Round(p, 9)));
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void No_temperature_beside_the_fitted_one_has_less_loss(double scale)
    {
        (int[] labels, double[][] logits) = Rows.Drawn(300, 4);
        logits = [.. logits.Select(row => row.Select(x => scale * x).ToArray())];
        double best = Calibration.Fit(labels, logits).Temperature;

        double Loss(double temperature) => labels.Select((label, row) => -Math.Log(new Calibration(temperature).Apply(logits[row])[label])).Average();
        double[] neighbours = [.. new[] { 0.9, 0.999, 1.001, 1.1 }.Select(
            factor => Math.Clamp(best * factor, Calibration.MinTemperature, Calibration.MaxTemperature))];
        Assert.All(neighbours, neighbour =>
            Assert.True(Loss(neighbour) >= Loss(best) - 1e-12, $"loss {Loss(best)} at {best}, {Loss(neighbour)} at {neighbour}"));
    }

    [Fact]
    public void Rows_without_an_error_and_rows_worse_than_guessing_end_at_the_limits()
    {
        Assert.Equal(Calibration.MinTemperature, Calibration.Fit([0, 1], [[3, 1], [1, 2]]).Temperature, 1e-9);
        Assert.Equal(Calibration.MaxTemperature, Calibration.Fit([1, 0], [[3, 1], [1, 2]]).Temperature, 1e-9);
        Assert.Equal(1, Calibration.Fit([1, 0], [[3, 3], [1, 1]]).Temperature, 1e-9);
    }

    [Fact]
    public void Extreme_logits_are_fitted_without_overflow()
    {
        Calibration calibration = Calibration.Fit([0, 1, 1, 0], [[1e90, -1e90], [-1e90, 1e90], [1e90, 0], [2, 1]]);

        Assert.True(double.IsFinite(calibration.Temperature)
            && double.IsFinite(calibration.LogLossAfter!.Value), $"{calibration.Temperature} {calibration.LogLossAfter}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_temperature_that_is_no_positive_number_is_refused(double temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration(temperature));
}
