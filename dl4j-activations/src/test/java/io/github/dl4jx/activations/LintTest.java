package io.github.dl4jx.activations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * What -Werror does elsewhere: javac's warning about the incubating module cannot be silenced, so the sources that need it
 * are compiled without.
 */
class LintTest {

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17) // later ones warn of more
    void theOnlyWarningIsThatOfTheIncubatingModule(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, StandardCharsets.UTF_8);
                Stream<Path> tree = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> sources =
                    tree.filter(path -> path.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-Xlint:all,-processing,-classfile",
                    "-proc:none",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString());
            assertThat(compiler.getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .isTrue();
        }
        assertThat(found.getDiagnostics().stream().map(Diagnostic::getCode))
                .as("%s", found.getDiagnostics())
                .containsExactly("compiler.warn.incubating.modules");
    }
}
