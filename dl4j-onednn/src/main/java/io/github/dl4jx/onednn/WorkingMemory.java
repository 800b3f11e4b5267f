package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Memory that a layer needs during one pass, from DL4J's workspace for that, which each layer uses again. */
record WorkingMemory(LayerWorkspaceMgr manager, ArrayType type) {

    static WorkingMemory forwards(LayerWorkspaceMgr manager) {
        return new WorkingMemory(manager, ArrayType.FF_WORKING_MEM);
    }

    static WorkingMemory backwards(LayerWorkspaceMgr manager) {
        return new WorkingMemory(manager, ArrayType.BP_WORKING_MEM);
    }

    INDArray create(DataType type, long length) {
        return manager.createUninitialized(this.type, type, new long[] {length}, 'c');
    }

    INDArray floats(long bytes) {
        return create(DataType.FLOAT, (bytes + Float.BYTES - 1) / Float.BYTES);
    }
}
