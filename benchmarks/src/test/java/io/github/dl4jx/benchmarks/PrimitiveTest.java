package io.github.dl4jx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What oneDNN's clock prints, and the work in it. */
class PrimitiveTest {
    private static final String LINE = "dnnl_verbose,exec,cpu,convolution,jit:avx2,backward_weights,"
            + "src_f32::blocked:acdb:f0 wei_f32::blocked:ABcd8b8a:f0 dst_f32::blocked:acdb:f0,attr-scratchpad:user ,"
            + "alg:convolution_direct,mb64_ic32oc64_ih16oh16kh3sh1dh0ph1_iw16ow16kw3sw1dw0pw1,4.5";

    @Test
    void readsAPrintedLine() {
        Primitive.Run run = Primitive.parseRun(LINE).orElseThrow();

        assertThat(run.nanos()).isCloseTo(4.5e6, within(1.0));
        assertThat(run.primitive().kind()).isEqualTo("convolution");
        assertThat(run.primitive().direction()).isEqualTo("backward_weights");
        assertThat(run.primitive().code()).isEqualTo("jit:avx2");
        assertThat(run.primitive().words()).isEqualTo("32→64, 3×3 at 16×16");
        assertThat(run.primitive().operations()).isEqualTo(2.0 * 64 * 32 * 64 * 16 * 16 * 9);
    }

    @Test
    void isReadBackFromItsWords() {
        Primitive primitive = Primitive.parseRun(LINE).orElseThrow().primitive();

        assertThat(Primitive.parse(primitive.toString())).isEqualTo(primitive);
    }

    @Test
    void groupsShareTheWork() {
        Primitive primitive = Primitive.parse(
                "convolution forward_training jit_dw g32mb2_ic32oc32_ih8oh8kh3sh1dh0ph1_iw8ow8kw3sw1dw0pw1");

        assertThat(primitive.operations()).isEqualTo(2.0 * 2 * 32 * 8 * 8 * 9);
        assertThat(primitive.words()).isEqualTo("32→32, 3×3 at 8×8, groups 32");
    }

    @Test
    void denseLayersMultiplyTheWholeImage() {
        assertThat(Primitive.parse("inner_product forward_training gemm:jit mb64ic64ih8iw8oc128")
                        .operations())
                .isEqualTo(2.0 * 64 * 64 * 8 * 8 * 128);
    }

    @Test
    void whatMovesNumbersComputesNothing() {
        Primitive reorder = Primitive.parse("reorder undef jit:uni 64x3x32x32");

        assertThat(reorder.operations()).isZero();
        assertThat(reorder.words()).isEqualTo("64x3x32x32");
    }

    @Test
    void otherLinesAreNotTaken() {
        assertThat(Primitive.parseRun("Intel MKL was found")).isEmpty();
        assertThat(Primitive.parseRun(LINE.replace("exec", "create:cache_hit"))).isEmpty();
    }
}
