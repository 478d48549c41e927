using Mlops.Mqtt.Broker;

namespace Mlops.Mqtt.Tests.Broker;

public class SubscriptionTrieTests
{
    [Fact]
    public void Match_RandomFiltersAndTopics_AgreesWithTheFilterAlone()
    {
        var random = new Random(42);
        string[] levels = ["a", "b", "", "$x", "+"];
        string[] filters = [.. Enumerable.Range(0, 400).Select(_ => Path(random, levels, wildcards: true)).Distinct()];
        var trie = new SubscriptionTrie<string>();
        foreach (string filter in filters)
            trie.Add(filter, filter);
        int matches = 0;
        for (int i = 0; i < 3000; i++)
        {
            string topic = Path(random, levels[..4], wildcards: false);
            var found = new List<string>();
            trie.Match(topic, found);
            var expected = filters.Where(filter => MqttTopicFilter.Matches(filter, topic)).Order().ToArray();
            found.Order().ToArray().ShouldBe(expected, customMessage: topic);
            matches += expected.Length;
        }

        matches.ShouldBeGreaterThan(3000);
    }

    [Fact]
    public void Remove_AllEntries_MatchesNothing()
    {
        var trie = new SubscriptionTrie<string>();
        string[] filters = ["a/b", "a/+", "a/#", "#", "a"];
        foreach (string filter in filters)
            trie.Add(filter, filter);
        foreach (string filter in filters)
        {
            trie.Remove(filter, filter);
            trie.Remove(filter, filter);
        }

        var found = new List<string>();
        trie.Match("a/b", found);
        found.ShouldBeEmpty();
    }

    private static string Path(Random random, string[] levels, bool wildcards)
    {
        string path;
        do
        {
            path = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(levels.Length)]));
            if (wildcards && random.Next(4) == 0)
                path += "/#";
        }
        while (path.Length == 0);
        return path;
    }
}
