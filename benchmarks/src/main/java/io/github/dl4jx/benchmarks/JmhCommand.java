package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs {@link ConvolutionTraining} with JMH's own options and keeps the result: JMH's JSON, and a Markdown page with the
 * conditions, both whole or not at all.
 */
@Command(
        name = "ConvolutionTraining",
        description = "Training with DL4J's convolution and with oneDNN's; takes JMH's options.")
final class JmhCommand implements Callable<Integer> {
    private static final String NAME = ConvolutionTraining.class.getSimpleName();

    @Parameters(paramLabel = "JMH-OPTIONS", description = "See JMH's own help: -h.")
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws IOException, RunnerException {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(0, NAME);
        Path json = Files.createTempFile("dl4jx", ".json");
        try {
            CommandLineOptions parsed = new CommandLineOptions(arguments.toArray(String[]::new));
            if (parsed.shouldHelp()) {
                parsed.showHelp();
                return 0;
            }
            Collection<RunResult> runs = new Runner(new OptionsBuilder()
                            .parent(parsed)
                            .shouldFailOnError(true)
                            .resultFormat(ResultFormatType.JSON)
                            .result(json.toString())
                            .build())
                    .run();
            String page = page(arguments, runs);
            WholeFile.write(Benchmarks.results().resolve(NAME + ".json"), path -> Files.copy(json, path));
            WholeFile.write(Benchmarks.results().resolve(NAME + ".md"), path -> Files.writeString(path, page));
            System.out.println(page);
            return 0;
        } catch (CommandLineOptionException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private static String page(List<String> arguments, Collection<RunResult> runs) {
        StringBuilder page = new StringBuilder("# " + NAME + "\n\n");
        page.append("Command: `benchmarks/run ")
                .append(String.join(" ", arguments))
                .append("`\n\n");
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
