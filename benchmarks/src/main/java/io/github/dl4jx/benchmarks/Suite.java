package io.github.dl4jx.benchmarks;

import io.github.dl4jx.examples.Conditions;
import io.github.dl4jx.examples.UsageException;
import io.github.dl4jx.examples.WholeFile;
import io.github.dl4jx.examples.cifar10.data.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares implementations: in each round every one gets a JVM of its own, or one for each group of cases, and all take
 * turns at each case. What the rounds say becomes {@code results.json} (every iteration), {@code results.csv} (a line for
 * each case and implementation), {@code results.md} and {@code chart.png}, in the suite's folder of the kept results.
 */
abstract class Suite implements Callable<Integer> {
    private static final int ROUNDS = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--quick", description = "One round of few, short iterations; the figures are rough and not kept.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go; else a temporary folder unless everything is measured in full.")
    private @Nullable Path out;

    /** Of the command and of the folder. */
    abstract String name();

    /** Everything that can be measured. */
    abstract List<String> all();

    /** What is to be measured this time. */
    List<String> subjects() {
        return all();
    }

    /** What is compared; PyTorch is left out where there is none. */
    abstract List<Implementation> implementations();

    /** What is asked of each implementation. */
    abstract List<Case> cases(boolean quick);

    /** Cases of another group are measured in other JVMs. */
    String group(Case of) {
        return "";
    }

    /** Whether an implementation is asked for the cases of a group. */
    boolean takesPart(Implementation implementation, String group) {
        return true;
    }

    /** Gets an implementation ready, in the JVM that is its own. */
    abstract Session open(Task task);

    /** What is kept of an answer; what native libraries print is shown, unless it is what was asked for. */
    List<Raw> kept(Task task, Case of, Measurer.Answer answer) {
        answer.printed().forEach(System.err::println);
        return answer.raw();
    }

    /** The implementations to compare with in {@code results.csv}. */
    abstract List<String> references();

    /** How it was measured, as items of a Markdown list. */
    abstract List<String> method();

    /** The tables, below the conditions. */
    abstract String tables(Results results);

    abstract BufferedImage chart(Results results);

    @Override
    public final Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        List<String> subjects = subjects();
        Path folder = folder(subjects);
        List<Implementation> implementations = available(err);
        List<Raw> raw = measure(subjects, implementations, err);
        // first, so that whatever may be wrong with the rest, the measurements are there
        WholeFile.write(folder.resolve("results.json"), path -> Measurer.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValue(path.toFile(), document(implementations, raw)));
        Results results = new Results(raw, subjects);
        String page = "# " + name() + "\n\n" + conditions(implementations) + "\n" + tables(results);
        BufferedImage chart = chart(results);
        WholeFile.write(folder.resolve("results.csv"), path -> Files.writeString(path, csv(results)));
        WholeFile.write(folder.resolve("chart.png"), path -> ImageIO.write(chart, "png", path.toFile()));
        WholeFile.write(folder.resolve("results.md"), path -> Files.writeString(path, page));
        PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
        terminal.println(page);
        terminal.println(folder);
        terminal.flush();
        return 0;
    }

    /** The kept results are only ever replaced by a full run. */
    private Path folder(List<String> subjects) throws IOException {
        if (out == null) {
            return quick || !subjects.equals(all())
                    ? Files.createTempDirectory("dl4jx-" + name())
                    : Benchmarks.results().resolve(name());
        }
        try { // before minutes of measuring
            return Files.createDirectories(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be used (" + e + ")", e);
        }
    }

    private List<Implementation> available(PrintWriter err) {
        List<Implementation> implementations = new ArrayList<>(implementations());
        PyTorch.obstacle().ifPresent(reason -> {
            if (implementations.removeIf(Implementation::isPyTorch)) {
                err.println("benchmarks: without PyTorch: " + reason);
            }
        });
        return implementations;
    }

    private List<Raw> measure(List<String> subjects, List<Implementation> implementations, PrintWriter err)
            throws IOException {
        List<Raw> raw = new ArrayList<>();
        for (int round = 1; round <= rounds(); round++) {
            List<Case> cases = new ArrayList<>(cases(quick));
            Random random = new Random(round);
            Collections.shuffle(cases, random);
            Map<String, List<Case>> groups =
                    cases.stream().collect(Collectors.groupingBy(this::group, LinkedHashMap::new, Collectors.toList()));
            String words = "round " + round + " of " + rounds();
            try (ProgressBar bar = new Progress(err).bar(words, 0, cases.size(), "cases", 1)) {
                for (Map.Entry<String, List<Case>> group : groups.entrySet()) {
                    List<Implementation> order = new ArrayList<>(implementations.stream()
                            .filter(implementation -> takesPart(implementation, group.getKey()))
                            .toList());
                    Collections.shuffle(order, random); // or whoever comes after a slow one would always be the same
                    raw.addAll(measure(group.getValue(), subjects, order, round, random, bar));
                }
            }
        }
        return raw;
    }

    /** In JVMs that are started for these cases and end with them. */
    private List<Raw> measure(
            List<Case> cases,
            List<String> subjects,
            List<Implementation> implementations,
            int round,
            Random random,
            ProgressBar bar)
            throws IOException {
        List<String> ofCases = subjects.stream()
                .filter(subject -> cases.stream().anyMatch(of -> of.subject().equals(subject)))
                .toList();
        List<Raw> raw = new ArrayList<>();
        List<Measurer> measurers = new ArrayList<>();
        try {
            for (Implementation implementation : implementations) { // one by one, since a warm-up needs the machine
                measurers.add(
                        Measurer.start(new Task(name(), implementation.name(), round, quick, ofCases), implementation));
            }
            for (Case of : cases) {
                Collections.shuffle(measurers, random);
                for (Measurer measurer : measurers) {
                    raw.addAll(kept(measurer.task(), of, measurer.measure(of)));
                }
                bar.step();
            }
        } finally {
            measurers.forEach(Measurer::close);
        }
        return raw;
    }

    private int rounds() {
        return quick ? 1 : ROUNDS;
    }

    private String command() {
        String profile = System.getProperty("dl4jx.profile", "");
        List<String> words =
                Objects.requireNonNull(spec).commandLine().getParseResult().originalArgs();
        return Stream.concat(Stream.of("benchmarks/run", profile), words.stream())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private String conditions(List<Implementation> implementations) {
        StringBuilder text = new StringBuilder("Command: `" + command() + "`\n\n");
        text.append("- ").append(Conditions.line()).append('\n');
        text.append("- ")
                .append(rounds())
                .append(rounds() == 1 ? " round" : " rounds")
                .append(", a JVM for each round and implementation, which take turns at each case; ")
                .append(Implementation.THREADS)
                .append(" threads (`OMP_NUM_THREADS`)\n");
        method().forEach(line -> text.append("- ").append(line).append('\n'));
        if (quick) {
            text.append("- `--quick`: fewer and shorter iterations than these, so that the figures are rough\n");
        }
        text.append("- all JVMs: `").append(String.join(" ", flags())).append("`\n");
        for (Implementation implementation : implementations) {
            String environment = implementation.environment().entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue() + " ")
                    .sorted()
                    .collect(Collectors.joining());
            String flags = environment + String.join(" ", implementation.flags());
            text.append("- ").append(implementation.name()).append(": ");
            if (implementation.isPyTorch()) {
                text.append(PyTorch.find().orElseThrow().version()).append(", ");
            }
            text.append(flags.isEmpty() ? "no more flags" : "`" + flags + "`").append('\n');
        }
        return text.toString();
    }

    /** Without what is only about the folder. */
    private static List<String> flags() {
        return Measurer.flags().stream()
                .filter(flag -> !flag.startsWith("-Ddl4jx."))
                .toList();
    }

    private Map<String, Object> document(List<Implementation> implementations, List<Raw> raw) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", command());
        document.put("conditions", Conditions.line());
        document.put("threads", Implementation.THREADS);
        document.put("flags", flags());
        document.put("implementations", implementations);
        document.put("nanosecondsAnOperation", raw);
        return document;
    }

    private String csv(Results results) throws IOException {
        List<String> header = new ArrayList<>(List.of("subject", "part", "size", "implementation"));
        header.addAll(List.of("median_ns", "low_ns", "high_ns", "ns_per_element"));
        references().forEach(name -> header.add("ratio_to_" + name));
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(
                text,
                CSVFormat.DEFAULT
                        .builder()
                        .setHeader(header.toArray(String[]::new))
                        .setRecordSeparator('\n')
                        .get())) {
            for (Case of : results.cases()) {
                for (Map.Entry<String, Summary> entry : results.of(of).entrySet()) {
                    Summary summary = entry.getValue();
                    List<Object> row = new ArrayList<>(List.of(of.subject(), of.part(), of.size(), entry.getKey()));
                    row.addAll(List.of(number(summary.median()), number(summary.low()), number(summary.high())));
                    row.add(number(summary.median() / of.size()));
                    references().forEach(name -> row.add(word(results.ratio(of, entry.getKey(), name))));
                    printer.printRecord(row);
                }
            }
        }
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value).contains("e")
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String word(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "";
    }
}
