package io.github.dl4jx.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the tests of a class on the built-in sample: no network, and a cache that stays empty. */
public final class SampleData implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        System.setProperty("dl4jx.offline", "true");
        Path cache = Files.createTempDirectory("dl4jx-cache");
        cache.toFile().deleteOnExit();
        System.setProperty("dl4jx.cache", cache.toString());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.clearProperty("dl4jx.offline");
        System.clearProperty("dl4jx.cache");
    }
}
