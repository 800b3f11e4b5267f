package io.github.dl4jx.activations.formula;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the bounds that have to keep NaN so that the result is NaN where x is: one way from x to the root is enough, and
 * the other bounds may do what is fastest.
 */
final class NanPaths {
    private final Set<Step> keepers = identitySet();
    private final List<Step> order;

    /** What is NaN where x is, if every bound keeps it; and if the keepers do. */
    private final Set<Step> able;

    private Set<Step> passing;

    private NanPaths(Step root) {
        order = Steps.order(root);
        able = passing(order, step -> true);
        passing = passing(order, keepers::contains);
        demand(root);
    }

    static NanPaths of(Step root) {
        return new NanPaths(root);
    }

    boolean mustKeep(Step bound) {
        return keepers.contains(bound);
    }

    /** Whether the result is NaN where x is. */
    boolean reachTheRoot() {
        return passing.contains(order.get(order.size() - 1));
    }

    private static Set<Step> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private void demand(Step step) {
        if (passing.contains(step) || !able.contains(step)) {
            return;
        }
        if (step.isBound()) {
            keepers.add(step);
            passing = passing(order, keepers::contains);
        }
        for (Step operand : step.operands) {
            if (!passing.contains(step)) { // a selection needs two ways
                demand(operand);
            }
        }
    }

    private static Set<Step> passing(List<Step> order, Predicate<Step> keeps) {
        Set<Step> result = identitySet();
        for (Step step : order) {
            boolean passes =
                    switch (step.op) {
                        case X -> true;
                        case G, NUMBER, POWER_OF_2, ONE_UNLESS_NEGATIVE -> false;
                        case MIN, MAX, CLAMP, MAGNITUDE -> keeps.test(step) && result.contains(step.operand(0));
                        case COPY_SIGN -> result.contains(step.operand(0));
                        case WHERE_ABOVE, WHERE_BELOW ->
                            result.contains(step.operand(2))
                                    && (result.contains(step.operand(0)) || result.contains(step.operand(1)));
                        default -> Arrays.stream(step.operands).anyMatch(result::contains);
                    };
            if (passes) {
                result.add(step);
            }
        }
        return result;
    }
}
