package io.github.dl4jx.onednn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** On CUDA, on arm64 and with a plain binary there is nothing to compare. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf("io.github.dl4jx.onednn.NeedsOneDnn$Condition#met")
@interface NeedsOneDnn {
    /** Asked by JUnit. */
    final class Condition {
        private Condition() {}

        static boolean met() {
            return OneDnn.obstacle() == null;
        }
    }
}
