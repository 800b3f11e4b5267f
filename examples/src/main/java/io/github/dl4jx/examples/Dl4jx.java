package io.github.dl4jx.examples;

import io.github.dl4jx.examples.cifar10.Cifar10Command;
import io.github.dl4jx.examples.cifar10.DataCommand;
import io.github.dl4jx.examples.docs.DocsCommand;
import io.github.dl4jx.examples.plot.PlotCommand;
import io.github.dl4jx.examples.signal.DoctorCommand;
import io.github.dl4jx.examples.signal.SignalCommand;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the pack. */
@Command(
        name = "dl4jx",
        description = "Activation functions and weight initialisers for Deeplearning4j, side by side on real data.",
        mixinStandardHelpOptions = true,
        versionProvider = Dl4jx.Version.class,
        subcommands = {
            Cifar10Command.class,
            SignalCommand.class,
            DoctorCommand.class,
            DataCommand.class,
            ListCommand.class,
            PlotCommand.class,
            DocsCommand.class
        })
public final class Dl4jx {
    private Dl4jx() {}

    /** Runs a subcommand and exits: 0 done, 2 when an argument or what it names cannot be used, 1 when what was
     * examined is not as it should be, and on anything else. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return commandLine(new Dl4jx());
    }

    /** Of a command whose bad arguments are answered with one line and exit code 2. */
    public static CommandLine commandLine(Object command) {
        return new CommandLine(command)
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
        err.println(commandLine.getCommandSpec().qualifiedName() + ": " + message + valid(commandLine, exception));
        err.flush();
        return ExitCode.USAGE;
    }

    /** What could have stood where an unknown word stands, or where one is missing. */
    private static String valid(CommandLine commandLine, Exception exception) {
        Collection<String> words = List.of();
        Collection<String> subcommands = commandLine.getSubcommands().keySet();
        if (exception instanceof UnmatchedArgumentException unmatched) {
            words = unmatched.isUnknownOption() || subcommands.isEmpty()
                    ? commandLine.getCommandSpec().options().stream()
                            .map(OptionSpec::longestName)
                            .toList()
                    : subcommands;
        } else if (exception instanceof ParameterException && commandLine.getCommand() instanceof Dl4jx) {
            words = subcommands;
        }
        return words.isEmpty() ? "" : "; valid: " + String.join(", ", words);
    }

    /** As Maven wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"dl4jx " + Dl4jx.class.getPackage().getImplementationVersion()};
        }
    }
}
