package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.NDArray;

/**
 * A gradient whose channels are neighbours in memory, at an output that several vertices read. {@code ComputationGraph}
 * adds the others to the first with {@code addi}, for which ND4J goes through strided arrays one number after another,
 * though their memory could be added as it lies.
 */
@SuppressWarnings("overrides") // M2.1 declares arrays where its interfaces have ...
final class SummedGradient extends NDArray {
    private static final long serialVersionUID = 1L;

    private SummedGradient(DataBuffer data, long[] shape, long... stride) {
        super(data, shape, stride, 0, 'c');
    }

    static INDArray create(LayerWorkspaceMgr manager, long n, long c, long h, long w) {
        INDArray memory =
                manager.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {n, h, w, c}, 'c');
        return new SummedGradient(memory.data(), new long[] {n, c, h, w}, h * w * c, 1, w * c, c);
    }

    @Override
    public INDArray addi(INDArray other) {
        if (other.dataType() != DataType.FLOAT || !equalShapes(other) || !Images.areChannelsLast(other)) {
            return super.addi(other);
        }
        Images.asChannelsLast(this).addi(Images.asChannelsLast(other));
        return this;
    }
}
