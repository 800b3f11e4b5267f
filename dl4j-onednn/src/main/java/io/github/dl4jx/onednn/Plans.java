package io.github.dl4jx.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What a layer has prepared for the shapes that it met last; of more of them the least recently used is freed. */
final class Plans<K, P extends AutoCloseable> {
    private static final int MOST = 8;

    private final Function<K, P> make;
    private final Map<K, P> plans = new LinkedHashMap<>(16, .75f, true);

    /** With what makes a new one. */
    Plans(Function<K, P> make) {
        this.make = make;
    }

    P get(K key) {
        P plan = plans.get(key);
        if (plan == null) {
            if (plans.size() == MOST) {
                close(plans.remove(plans.keySet().iterator().next()));
            }
            plan = make.apply(key);
            plans.put(key, plan);
        }
        return plan;
    }

    int size() {
        return plans.size();
    }

    private static void close(AutoCloseable plan) {
        try {
            plan.close();
        } catch (Exception e) { // declared by AutoCloseable alone
            throw new IllegalStateException(e);
        }
    }
}
