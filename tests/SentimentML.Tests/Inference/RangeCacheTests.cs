using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

public sealed class RangeCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _calibrations;

    private string File => Assert.Single(Directory.GetFiles(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_second_start_takes_no_ranges_and_answers_bit_for_bit_as_the_first()
    {
        float[] first = Logits("model"), second = Logits("model");
        Assert.Equal(1, _calibrations);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Another_model_has_ranges_of_its_own()
    {
        Logits("model");
        Logits("other");
        Assert.Equal(2, _calibrations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(-1)]
    public void Ranges_that_are_damaged_are_taken_again_and_kept(int damaged)
    {
        float[] first = Logits("model");
        byte[] content = System.IO.File.ReadAllBytes(File);
        content[damaged < 0 ? content.Length + damaged : damaged] ^= 1;
        System.IO.File.WriteAllBytes(File, content);
        Assert.Equal(first, Logits("model"));
        Assert.Equal(2, _calibrations);
        Logits("model");
        Assert.Equal(2, _calibrations);
    }

    [Fact]
    public void Ranges_of_another_network_are_taken_again()
    {
        Logits("model");
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[8..]);
        Logits("model");
        Assert.Equal(2, _calibrations);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_does_not_keep_a_model_from_answering()
    {
        _folder.With("occupied", "a file");
        float[] first = Logits("model", _folder.At("occupied")), second = Logits("model", _folder.At("occupied"));
        Assert.Equal(first, second);
        Assert.Equal(2, _calibrations);
    }

    private float[] Logits(string model, string? folder = null)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        TokenRow[] rows = EncoderEngineTests.Rows(network.Config, 3, 9, 60);
        using EncoderEngine engine = EncoderEngine.InPlaceOf(network, InferencePrecision.Int8, CPU, () =>
        {
            _calibrations++;
            return rows;
        }, () => new RangeCache(folder ?? _folder.Path, model), TestContext.Current.CancellationToken);
        return engine.Logits(rows);
    }
}
