package io.github.dl4jx.examples.cifar10;

import io.github.dl4jx.examples.cifar10.data.Preprocessing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a study's figures depend on, machine apart.
 *
 * @param network that is trained
 * @param activations specifications
 * @param initializers specifications, or {@link Run#RECOMMENDED}
 * @param seeds one training each
 * @param epochs passes over the training images
 * @param trainSize number of training images
 * @param batch images a step
 * @param learningRate of Adam
 * @param preprocessing of the pixels
 * @param data which images, in words
 */
record StudyConfiguration(
        ComparisonNetwork network,
        List<String> activations,
        List<String> initializers,
        List<Long> seeds,
        int epochs,
        int trainSize,
        int batch,
        double learningRate,
        Preprocessing preprocessing,
        String data) {

    /** Each combination once, in the order in which the user named them; seeds outermost, so that all get one first. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (String activation : activations) {
                for (String initializer : initializers) {
                    runs.add(Run.of(activation, initializer, seed));
                }
            }
        }
        return runs.stream().distinct().toList();
    }

    /** Whether a study with one value of a setting may go on with another: the same, or the same pairs with more seeds. */
    static boolean goesOn(String setting, @Nullable String there, String now) {
        if (there == null) {
            return false;
        }
        return switch (setting) {
            case "seeds" -> List.of(now.split(", ", -1)).containsAll(List.of(there.split(", ", -1)));
            case "runs" -> pairs(now).equals(pairs(there));
            default -> now.equals(there);
        };
    }

    private static Set<String> pairs(String runs) {
        return Arrays.stream(runs.split("; ", -1))
                .map(run -> run.replaceFirst(", seed -?\\d+$", ""))
                .collect(Collectors.toSet());
    }

    /** What the study's folder remembers, by the names of the options. */
    Map<String, String> settings() {
        List<Run> runs = runs();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("network", network.description());
        settings.put(
                "activations",
                String.join(", ", runs.stream().map(Run::activation).distinct().toList()));
        settings.put(
                "inits",
                String.join(", ", runs.stream().map(Run::initializer).distinct().toList()));
        settings.put(
                "seeds",
                String.join(", ", seeds.stream().map(String::valueOf).distinct().toList()));
        settings.put(
                "runs", String.join("; ", runs.stream().map(Run::toString).toList())); // which pairs, not all of them
        settings.put("epochs", String.valueOf(epochs));
        settings.put("train-size", String.valueOf(trainSize));
        settings.put("batch", String.valueOf(batch));
        settings.put("lr", String.valueOf(learningRate));
        settings.put("preprocessing", preprocessing.toString());
        settings.put("data", data);
        return settings;
    }
}
