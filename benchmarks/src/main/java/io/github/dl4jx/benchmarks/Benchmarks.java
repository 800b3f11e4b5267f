package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.Dl4jx;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
        name = "benchmarks/run",
        description = "How fast the pack is; kept results go to benchmarks/results.",
        mixinStandardHelpOptions = true)
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs a subcommand and exits: 0 done, 2 when an argument cannot be used, 1 on anything else. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = Dl4jx.commandLine(new Benchmarks());
        suites().forEach(suite -> commandLine.addSubcommand(suite));
        // JMH reads its own options
        commandLine.addSubcommand(new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true));
        return commandLine;
    }

    static List<Suite> suites() {
        return List.of(
                new ActivationSuite(),
                new InitializerSuite(),
                new TrainingSuite(),
                new InferenceSuite(),
                new ProfileSuite(),
                new MonitorSuite());
    }

    /** The root folder of the project. */
    static Path home() {
        return Path.of(System.getProperty("dl4jx.home", "."));
    }

    /** Where kept results lie. */
    static Path results() {
        return home().resolve("benchmarks").resolve("results");
    }
}
