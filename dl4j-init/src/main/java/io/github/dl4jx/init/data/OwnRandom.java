package io.github.dl4jx.init.data;

import java.util.function.Supplier;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** Random numbers for whoever only looks: the same each time, and none of the user's. */
public final class OwnRandom {
    private static final long SEED = 1;

    private OwnRandom() {}

    /**
     * Runs something that draws from {@code Nd4j.getRandom()}, as dropout and initialisers do. It finds the generator in one
     * state always, and leaves it in the one that it was in.
     */
    public static <T> T with(Supplier<T> drawing) {
        Random random = Nd4j.getRandom();
        long root = random.rootState();
        long node = random.nodeState();
        Random own = Nd4j.getRandomFactory().getNewRandomInstance(SEED);
        random.setStates(own.rootState(), own.nodeState());
        try {
            return drawing.get();
        } finally {
            random.setStates(root, node);
        }
    }
}
