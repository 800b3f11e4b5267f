package io.github.dl4jx.onednn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Where layers run on oneDNN 2.5.2. */
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
