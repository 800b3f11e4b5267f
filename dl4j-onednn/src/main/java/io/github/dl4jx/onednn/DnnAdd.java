package io.github.dl4jx.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The sum of two outputs, as at the end of a residual block, where both are images of the same shape. */
@SuppressWarnings("overrides") // M2.1 declares arrays where its interfaces have ...
final class DnnAdd extends ElementWiseVertex {
    private static final long serialVersionUID = 1L;

    private final transient Port port;
    private final boolean gradientShared;
    private final transient Plans<Shape, Plan> plans = new Plans<>(Plan::new);

    private record Shape(long n, long c, long h, long w) {}

    /** @param gradientShared whether one array may be the gradient of both inputs, since nobody writes into it too early */
    DnnAdd(ElementWiseVertex original, DataType type, Wiring wiring, boolean gradientShared) {
        super(
                original.getGraph(),
                original.getVertexName(),
                original.getVertexIndex(),
                copy(original.getInputVertices()),
                copy(original.getOutputVertices()),
                Op.Add,
                type);
        port = new Port(wiring, CNN2DFormat.NCHW);
        this.gradientShared = gradientShared;
        setOutputVertex(original.isOutputVertex());
    }

    private static VertexIndices[] copy(VertexIndices[] vertices) {
        return vertices == null ? new VertexIndices[0] : vertices.clone();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr manager) {
        if (!isOurs()) {
            return super.doForward(training, manager);
        }
        WorkingMemory memory = WorkingMemory.forwards(manager);
        INDArray a = inputs[0];
        INDArray sum = Images.create(manager, ArrayType.ACTIVATIONS, a.size(0), a.size(1), a.size(2), a.size(3));
        plans.get(shape(a)).add.run(memory, port.in(a, memory), port.in(inputs[1], memory), sum);
        return port.out(sum, memory);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr manager) {
        if (!isOurs() || epsilon == null) {
            super.doForward(true, manager); // it counts its inputs there
            return super.doBackward(tbptt, manager);
        }
        WorkingMemory memory = WorkingMemory.backwards(manager);
        INDArray upstream = port.in(epsilon, memory);
        INDArray first = gradient(upstream, manager, memory);
        INDArray second = gradientShared ? first : gradient(upstream, manager, memory);
        return new Pair<>(null, new INDArray[] {first, second});
    }

    private INDArray gradient(INDArray upstream, LayerWorkspaceMgr manager, WorkingMemory memory) {
        INDArray copy = port.newGradient(manager, upstream.shape());
        plans.get(shape(upstream)).copy.run(memory, upstream, copy);
        return port.gradient(copy, memory);
    }

    private boolean isOurs() {
        return inputs.length == 2
                && inputs[0] != null
                && inputs[1] != null
                && inputs[0].rank() == 4
                && inputs[0].equalShapes(inputs[1]);
    }

    private static Shape shape(INDArray images) {
        return new Shape(images.size(0), images.size(1), images.size(2), images.size(3));
    }

    private static final class Plan implements AutoCloseable {
        private final Arena arena = new Arena();
        private final Operation add;
        private final Operation copy;

        Plan(Shape shape) {
            Descriptions descriptions = new Descriptions(arena);
            memory.desc images = descriptions.of(format_tag.nhwc, shape.n, shape.c, shape.h, shape.w);
            binary.primitive_desc description = arena.own(new binary.primitive_desc(
                    arena.own(new binary.desc(algorithm.binary_add, images, images, images)),
                    descriptions.attributes(),
                    Native.engine()));
            add = new Operation.Builder(arena, new binary(description), description)
                    .with(DNNL_ARG_SRC_0, images)
                    .with(DNNL_ARG_SRC_1, images)
                    .with(DNNL_ARG_DST, images)
                    .build();
            copy = Images.reorder(arena, images, images);
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
