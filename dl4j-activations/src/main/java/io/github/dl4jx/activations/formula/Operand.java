package io.github.dl4jx.activations.formula;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** A place in memory that a loop starts from. */
final class Operand {
    /** What {@link VectorMemory} takes. */
    final Object vectors;

    final FloatBuffer floats;

    /** Floats before the place. */
    int at;

    /** 1, or 0 for an operand that is the same vector all along a row. */
    int step = 1;

    Operand(long address, long count) {
        ByteBuffer bytes = Memory.bytes(address, count * Float.BYTES);
        vectors = VectorMemory.wrap(bytes);
        floats = bytes.asFloatBuffer();
    }

    private Operand(Operand same, int at) {
        vectors = same.vectors;
        floats = same.floats;
        this.at = at;
    }

    /** Another place in the same memory. */
    Operand at(int place) {
        return new Operand(this, place);
    }
}
