package io.github.dl4jx.benchmarks.pytorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module without parameters, as the archive that {@code torch.jit.save} writes: its source text and two
 * pickles. DJL itself exposes only some of PyTorch's operators; through a module all can be called.
 */
final class TorchScript {
    /** Protocol 2, an object of the class, whose only attribute is training = True. */
    private static final String OBJECT = "\u0080\u0002c__torch__\nOperators\n)\u0081}(X\b\0\0\0training\u0088ub.";

    private static final String CLASS = """
            class Operators(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    /** Protocol 2, an empty tuple. */
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    /** What PyTorch 2 writes; for an older one it would replace operators that have changed since. */
    private static final String VERSION = "10\n";

    private TorchScript() {}

    /** The archive of a module with the methods that the text defines. */
    static byte[] archive(String methods) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "data.pkl", OBJECT);
            put(zip, "code/__torch__.py", CLASS + methods);
            put(zip, "constants.pkl", NO_CONSTANTS);
            put(zip, "version", VERSION);
        } catch (IOException e) { // to memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry("operators/" + name));
        zip.write(content.getBytes(StandardCharsets.ISO_8859_1)); // a pickle's characters are bytes
        zip.closeEntry();
    }

    /**
     * The methods {@code forward(x)}, which autograd passes through, and, each to be done n times, {@code value(x, out, t,
     * n)} and {@code gradient(g, x, y, d, out, t, s, n)}, which return the last result.
     */
    static String source(Operator operator) {
        StringBuilder text = new StringBuilder(forward(List.of("x: Tensor"), List.of("return " + operator.function())));
        loop(text, "value", List.of("x", "out", "t"), operator.forward());
        loop(text, "gradient", List.of("g", "x", "y", "d", "out", "t", "s"), operator.backward());
        return text.toString();
    }

    /** The method {@code forward}, which returns an array. */
    static String forward(List<String> arguments, List<String> statements) {
        return "  def forward(self: __torch__.Operators,\n    " + String.join(",\n    ", arguments) + ") -> Tensor:\n"
                + statements.stream()
                        .map(statement -> "    " + statement + "\n")
                        .collect(Collectors.joining());
    }

    private static void loop(StringBuilder text, String name, List<String> arrays, List<String> statements) {
        text.append("  def ").append(name).append("(self: __torch__.Operators,\n");
        arrays.forEach(array -> text.append("    ").append(array).append(": Tensor,\n"));
        text.append("    n: int) -> Tensor:\n    _0 = ").append(arrays.get(0)).append("\n    for i in range(n):\n");
        statements.forEach(
                statement -> text.append("      _0 = ").append(statement).append('\n'));
        text.append("    return _0\n");
    }
}
