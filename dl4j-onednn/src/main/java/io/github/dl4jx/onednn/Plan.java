package io.github.dl4jx.onednn;

import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;

/** oneDNN's primitives for a layer at one shape. */
interface Plan extends AutoCloseable {
    /** Whether oneDNN has real code for this shape, and not only its reference, which is a hundred times slower. */
    boolean isFast();

    @Override
    void close();

    /**
     * The plan that rounds what it reads as wanted, or the one that does not where oneDNN has no fast code for that.
     *
     * @param reads {@code FLOAT} or {@code BFLOAT16}
     */
    static <P extends Plan> P reading(DataType reads, Function<DataType, P> make) {
        if (reads != DataType.FLOAT) {
            try {
                P plan = make.apply(reads);
                if (plan.isFast()) {
                    return plan;
                }
                plan.close();
            } catch (RuntimeException e) { // oneDNN has no code for it at all
                return make.apply(DataType.FLOAT);
            }
        }
        return make.apply(DataType.FLOAT);
    }
}
