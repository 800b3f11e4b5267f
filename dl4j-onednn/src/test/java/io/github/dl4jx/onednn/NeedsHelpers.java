package io.github.dl4jx.onednn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** On CUDA, on arm64 and with a plain binary there are none. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf("io.github.dl4jx.onednn.NeedsHelpers$Condition#met")
@interface NeedsHelpers {
    /** Asked by JUnit. */
    final class Condition {
        private Condition() {}

        static boolean met() {
            return Helpers.obstacle() == null;
        }
    }
}
