package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs a benchmark with JMH's own options and keeps the result: JMH's JSON, and a Markdown page with the conditions,
 * both whole or not at all.
 */
public final class Benchmarks {
    private static final List<String> NAMES = List.of(ConvolutionTraining.class.getSimpleName());

    private Benchmarks() {}

    /**
     * Runs what the JMH options select.
     *
     * @param args the name of a benchmark class, which names the files, then JMH's options
     */
    public static void main(String[] args) throws IOException, RunnerException, CommandLineOptionException {
        if (args.length == 0 || !NAMES.contains(args[0])) {
            System.err.println("benchmarks: " + (args.length == 0 ? "no name" : "unknown name '" + args[0] + "'")
                    + "; valid: " + String.join(", ", NAMES));
            System.exit(2);
        }
        Path results = Path.of(System.getProperty("dl4jx.home", "."), "benchmarks", "results");
        Path json = Files.createTempFile("dl4jx", ".json");
        try {
            Collection<RunResult> runs = new Runner(new OptionsBuilder()
                            .parent(new CommandLineOptions(args))
                            .shouldFailOnError(true)
                            .resultFormat(ResultFormatType.JSON)
                            .result(json.toString())
                            .build())
                    .run();
            String page = page(args, runs);
            WholeFile.write(results.resolve(args[0] + ".json"), path -> Files.copy(json, path));
            WholeFile.write(results.resolve(args[0] + ".md"), path -> Files.writeString(path, page));
            System.out.println(page);
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private static String page(String[] args, Collection<RunResult> runs) {
        StringBuilder page = new StringBuilder("# " + args[0] + "\n\n");
        page.append("Command: `benchmarks/run ").append(String.join(" ", args)).append("`\n\n");
        page.append("- ").append(Conditions.line()).append('\n');
        RunResult any = runs.iterator().next();
        page.append("- ")
                .append(any.getParams().getForks())
                .append(" forks of ")
                .append(any.getParams().getMeasurement().getCount())
                .append(" iterations; the error is half of JMH's 99.9 % confidence interval\n\n");
        Collection<String> parameters = any.getParams().getParamsKeys();
        page.append("| ")
                .append(String.join(" | ", parameters))
                .append(" | median | mean | error | unit |\n|")
                .append(" --- |".repeat(parameters.size()))
                .append(" ---: | ---: | ---: | --- |\n");
        for (RunResult run : runs) {
            Result<?> result = run.getPrimaryResult();
            String values = parameters.stream().map(run.getParams()::getParam).collect(Collectors.joining(" | "));
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %s |%n",
                    values,
                    result.getStatistics().getPercentile(50),
                    result.getScore(),
                    result.getScoreError(),
                    result.getScoreUnit()));
        }
        return page.toString();
    }
}
