package io.github.dl4jx.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A primitive of oneDNN as its own clock names it.
 *
 * @param kind {@code convolution}, {@code reorder} ...
 * @param direction {@code forward_training}, {@code backward_weights} ...; {@code undef} of a reorder
 * @param code the implementation: {@code jit:avx2} ...
 * @param problem sizes, as {@code mb64_ic32oc64_ih16oh16kh3sh1dh0ph1_iw16ow16kw3sw1dw0pw1}
 */
record Primitive(String kind, String direction, String code, String problem) {
    private static final Pattern SIZE = Pattern.compile("([a-z]+)(\\d+)");

    /** Of a printed line: library, event, engine, kind, code, direction, arrays, attributes, more, problem, time. */
    private static final int FIELDS = 11;

    private static final String SEPARATOR = " ";

    /** One run of a primitive, in nanoseconds. */
    record Run(Primitive primitive, double nanos) {}

    /** Of a line that oneDNN prints after {@code dnnl_set_verbose(1)}; empty of anything else. */
    static Optional<Run> parseRun(String line) {
        List<String> fields = List.of(line.strip().split(",", -1));
        if (fields.size() < FIELDS
                || !fields.get(0).endsWith("_verbose")
                || !fields.get(1).equals("exec")) {
            return Optional.empty();
        }
        int last = fields.size() - 1;
        return Optional.of(new Run(
                new Primitive(fields.get(3), fields.get(5), fields.get(4), fields.get(last - 1)),
                Double.parseDouble(fields.get(last)) * 1e6));
    }

    /** Of what {@link #toString} gives. */
    static Primitive parse(String text) {
        List<String> parts = List.of(text.split(SEPARATOR, -1));
        return new Primitive(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
    }

    private Map<String, Long> sizes() {
        Map<String, Long> sizes = new HashMap<>();
        Matcher matcher = SIZE.matcher(problem);
        while (matcher.find()) {
            sizes.put(matcher.group(1), Long.parseLong(matcher.group(2)));
        }
        return sizes;
    }

    /** Multiplications and additions of a convolution, which padding may make fewer, or of a dense layer; else 0. */
    double operations() {
        if (!kind.equals("convolution") && !kind.equals("inner_product")) {
            return 0;
        }
        Map<String, Long> sizes = sizes();
        double product = 2.0 / sizes.getOrDefault("g", 1L);
        String area = kind.equals("convolution") ? "oh ow kh kw" : "ih iw";
        for (String factor : ("mb ic oc " + area).split(" ", -1)) {
            product *= sizes.getOrDefault(factor, 1L);
        }
        return product;
    }

    /** Channels in and out and the sizes of image and kernel; oneDNN's own words where there are none. */
    String words() {
        Map<String, Long> sizes = sizes();
        if (operations() == 0) {
            return problem;
        }
        String channels = sizes.get("ic") + "→" + sizes.get("oc");
        return kind.equals("convolution")
                ? String.format(
                        Locale.ROOT,
                        "%s, %d×%d at %d×%d%s",
                        channels,
                        sizes.get("kh"),
                        sizes.get("kw"),
                        sizes.get("oh"),
                        sizes.get("ow"),
                        sizes.containsKey("g") ? ", groups " + sizes.get("g") : "")
                : channels;
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, kind, direction, code, problem);
    }
}
