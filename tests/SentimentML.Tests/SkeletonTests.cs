namespace SentimentML.Tests;

public class SkeletonTests
{
    [Fact]
    public void The_golden_folder_is_beside_the_tests() => Assert.True(Directory.Exists(Infrastructure.Shared.Golden("tiny_mlm")));
}
