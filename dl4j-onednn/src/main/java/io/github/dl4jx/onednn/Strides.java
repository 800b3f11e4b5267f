package io.github.dl4jx.onednn;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** The one layout that M2.1's native operations read correctly whatever the data format. */
final class Strides {
    private Strides() {}

    /**
     * The array itself if it is laid out densely in c order, else a copy that is, in the workspace for that kind of
     * array.
     */
    static INDArray rowMajor(INDArray array, ArrayType workspace, LayerWorkspaceMgr manager) {
        // hasDefaultStridesForShape alone also accepts f order.
        boolean rowMajor = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
        return rowMajor ? array : manager.dup(workspace, array, 'c');
    }
}
