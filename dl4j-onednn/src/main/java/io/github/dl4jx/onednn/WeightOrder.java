package io.github.dl4jx.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;

/** How a layer of DL4J keeps the weights of a convolution; dense in memory, in this order of indices. */
enum WeightOrder {
    /** [out, in, height, width]: convolution. */
    OUT_IN {
        @Override
        long[] dimensions(ConvolutionShape shape) {
            return new long[] {shape.outChannels(), shape.inChannels(), shape.kernelHeight(), shape.kernelWidth()};
        }

        @Override
        memory.desc describe(ConvolutionShape shape, Descriptions descriptions) {
            return descriptions.of(format_tag.oihw, dimensions(shape));
        }
    },
    /** [height, width, in, multiplier]: each channel by itself. */
    DEPTHWISE {
        @Override
        memory.desc describe(ConvolutionShape shape, Descriptions descriptions) {
            long multiplier = shape.outChannels() / shape.groups();
            return descriptions.strided(
                    dimensions(shape),
                    multiplier,
                    1,
                    1,
                    shape.kernelWidth() * shape.inChannels() * multiplier,
                    shape.inChannels() * multiplier);
        }
    },
    /** [multiplier, in, height, width]: each channel by itself, in a separable convolution. */
    SEPARABLE_DEPTH {
        @Override
        memory.desc describe(ConvolutionShape shape, Descriptions descriptions) {
            long area = (long) shape.kernelHeight() * shape.kernelWidth();
            return descriptions.strided(
                    dimensions(shape), area, area * shape.inChannels(), area, shape.kernelWidth(), 1);
        }
    };

    /** In oneDNN's order: [groups, out, in, height, width] of a group, or without the first. */
    long[] dimensions(ConvolutionShape shape) {
        return new long[] {
            shape.groups(), shape.outChannels() / shape.groups(), 1, shape.kernelHeight(), shape.kernelWidth()
        };
    }

    abstract memory.desc describe(ConvolutionShape shape, Descriptions descriptions);
}
