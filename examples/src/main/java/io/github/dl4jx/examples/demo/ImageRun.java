package io.github.dl4jx.examples.demo;

import io.github.dl4jx.examples.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A finished training on CIFAR-10. Its file is there whole or not at all, and belongs to one setting alone.
 *
 * @param setting all that the figures depend on, machine apart
 * @param curve what was measured on the way
 * @param testAccuracy on the test images at the end
 */
record ImageRun(String setting, List<Moment> curve, double testAccuracy) {
    private static final List<String> HEADER = List.of("setting", "step", "train_loss", "train_error", "test_accuracy");

    /**
     * What is known at a step.
     *
     * @param loss mean over the batches since the moment before
     * @param error share of training images that the network gets wrong
     */
    record Moment(int step, double loss, double error) {}

    ImageRun {
        curve = List.copyOf(curve);
    }

    Moment last() {
        return curve.get(curve.size() - 1);
    }

    List<Integer> steps() {
        return curve.stream().map(Moment::step).toList();
    }

    List<Double> errors() {
        return curve.stream().map(Moment::error).toList();
    }

    void write(Path file) throws IOException {
        new Table(
                        HEADER,
                        curve.stream()
                                .map(moment -> List.of(
                                        setting,
                                        String.valueOf(moment.step),
                                        String.valueOf(moment.loss),
                                        String.valueOf(moment.error),
                                        String.valueOf(testAccuracy)))
                                .toList())
                .write(file);
    }

    /**
     * Reads back what {@link #write} wrote.
     *
     * @throws UsageException if the file holds something else
     */
    static ImageRun read(Path file, String setting) throws IOException {
        List<List<String>> rows = Table.read(file).rows();
        try {
            if (rows.isEmpty() || !rows.get(0).get(0).equals(setting)) {
                throw new IllegalArgumentException(
                        rows.isEmpty() ? "no row" : "it is of: " + rows.get(0).get(0));
            }
            return new ImageRun(
                    setting,
                    rows.stream()
                            .map(row -> new Moment(
                                    Integer.parseInt(row.get(1)),
                                    Double.parseDouble(row.get(2)),
                                    Double.parseDouble(row.get(3))))
                            .toList(),
                    Double.parseDouble(rows.get(0).get(4)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UsageException(
                    file + " is not the run of: " + setting + "; delete it, or name another --out (" + e.getMessage()
                            + ")",
                    e);
        }
    }
}
