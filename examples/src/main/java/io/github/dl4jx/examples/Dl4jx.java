package io.github.dl4jx.examples;

import io.github.dl4jx.examples.cifar10.Cifar10Command;
import io.github.dl4jx.examples.cifar10.DataCommand;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The command line of the pack. */
@Command(
        name = "dl4jx",
        description = "Activation functions and weight initialisers for Deeplearning4j, side by side on real data.",
        mixinStandardHelpOptions = true,
        version = "dl4jx 0.1.0",
        subcommands = {Cifar10Command.class, DataCommand.class, ListCommand.class})
public final class Dl4jx {
    private Dl4jx() {}

    /** Runs a subcommand and exits: 0 done, 2 when an argument or what it names cannot be used, 1 on anything else. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Dl4jx())
                .setParameterExceptionHandler((exception, args) -> refuse(exception.getCommandLine(), exception))
                .setExecutionExceptionHandler((exception, commandLine, result) -> {
                    if (exception instanceof UsageException) {
                        return refuse(commandLine, exception);
                    }
                    throw exception;
                });
    }

    private static int refuse(CommandLine commandLine, Exception exception) {
        PrintWriter err = commandLine.getErr();
        String message = String.valueOf(exception.getMessage()).replaceAll("\\R+", " ");
        Set<String> subcommands = commandLine.getSubcommands().keySet();
        err.println(commandLine.getCommandSpec().qualifiedName() + ": " + message
                + (subcommands.isEmpty() ? "" : "; valid: " + String.join(", ", subcommands)));
        err.flush();
        return ExitCode.USAGE;
    }
}
