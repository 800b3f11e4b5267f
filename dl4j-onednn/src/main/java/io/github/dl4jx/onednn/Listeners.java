package io.github.dl4jx.onednn;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Which of a network's listeners may look at what its layers compute. */
final class Listeners {
    private static final Set<String> LOOKS = Set.of("onForwardPass", "onBackwardPass", "onGradientCalculation");

    private static final ClassValue<Boolean> LOOKING = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return Arrays.stream(type.getMethods())
                    .anyMatch(method -> LOOKS.contains(method.getName())
                            && method.getDeclaringClass() != BaseTrainingListener.class
                            && method.getDeclaringClass() != TrainingListener.class);
        }
    };

    private Listeners() {}

    /** Whether any is called between the passes of a step; those that report the score, say, are not. */
    static boolean look(Collection<TrainingListener> listeners) {
        return listeners.stream().anyMatch(listener -> LOOKING.get(listener.getClass()));
    }
}
