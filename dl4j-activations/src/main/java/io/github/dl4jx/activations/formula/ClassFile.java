package io.github.dl4jx.activations.formula;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a class file of version 61 (Java 17): methods without branches other than counted loops, which is all that
 * generated loops need. Names of types are internal ones, as {@code java/lang/Object}.
 */
final class ClassFile {
    static final int PUBLIC = 1;
    static final int STATIC = 8;

    private static final int VERSION = 61;
    private static final int MAGIC = 0xCAFEBABE;
    private static final int FINAL_SUPER = 0x30;
    private static final int MAX_STACK = 255;

    private final ByteArrayOutputStream constants = new ByteArrayOutputStream();
    private final Map<String, Integer> index = new HashMap<>();
    private final ByteArrayOutputStream methods = new ByteArrayOutputStream();
    private final String name;
    private final String implemented;
    private int nextConstant = 1;
    private int methodCount;

    ClassFile(String name, String implemented) {
        this.name = name;
        this.implemented = implemented;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static void write(ByteArrayOutputStream bytes, Writing writing) {
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory throws none
        }
    }

    private int constant(String key, int places, Writing writing) {
        Integer known = index.get(key);
        if (known != null) {
            return known;
        }
        write(constants, writing);
        int place = nextConstant;
        index.put(key, place);
        nextConstant += places;
        return place;
    }

    private int utf8(String text) {
        return constant("utf8 " + text, 1, out -> {
            out.writeByte(1);
            out.writeUTF(text);
        });
    }

    private int type(String type) {
        int text = utf8(type);
        return constant("type " + type, 1, out -> {
            out.writeByte(7);
            out.writeShort(text);
        });
    }

    private int member(int tag, String owner, String member, String descriptor) {
        int type = type(owner);
        int text = utf8(member);
        int signature = utf8(descriptor);
        int both = constant("name " + member + " " + descriptor, 1, out -> {
            out.writeByte(12);
            out.writeShort(text);
            out.writeShort(signature);
        });
        return constant("member " + tag + owner + " " + both, 1, out -> {
            out.writeByte(tag);
            out.writeShort(type);
            out.writeShort(both);
        });
    }

    /** Ends a method. */
    void method(int access, String method, String descriptor, Code code) {
        int text = utf8(method);
        int signature = utf8(descriptor);
        int codeName = utf8("Code");
        int mapName = utf8("StackMapTable");
        byte[] bytes = code.toBytes();
        int map = code.frameCount == 0 ? 0 : 8 + code.frames.size();
        write(methods, out -> {
            out.writeShort(access);
            out.writeShort(text);
            out.writeShort(signature);
            out.writeShort(1);
            out.writeShort(codeName);
            out.writeInt(12 + bytes.length + map);
            out.writeShort(MAX_STACK);
            out.writeShort(code.locals);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.writeShort(0);
            out.writeShort(map == 0 ? 0 : 1);
            if (map > 0) {
                out.writeShort(mapName);
                out.writeInt(map - 6);
                out.writeShort(code.frameCount);
                out.write(code.frames.toByteArray());
            }
        });
        methodCount++;
    }

    /** The file, with a constructor that does nothing. */
    byte[] toBytes() {
        Code constructor = new Code(1);
        constructor.loadReference(0);
        constructor.member(Code.INVOKESPECIAL, "java/lang/Object", "<init>", "()V");
        constructor.op(Code.RETURN);
        method(PUBLIC, "<init>", "()V", constructor);
        int self = type(name);
        int object = type("java/lang/Object");
        int of = type(implemented);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        write(file, out -> {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeShort(nextConstant);
            out.write(constants.toByteArray());
            out.writeShort(FINAL_SUPER);
            out.writeShort(self);
            out.writeShort(object);
            out.writeShort(1);
            out.writeShort(of);
            out.writeShort(0);
            out.writeShort(methodCount);
            out.write(methods.toByteArray());
            out.writeShort(0);
        });
        return file.toByteArray();
    }

    /** The code of a method. */
    final class Code {
        static final int AALOAD = 50;
        static final int IALOAD = 46;
        static final int LALOAD = 47;
        static final int FALOAD = 48;
        static final int DALOAD = 49;
        static final int IASTORE = 79;
        static final int LASTORE = 80;
        static final int FASTORE = 81;
        static final int DASTORE = 82;
        static final int DUP = 89;
        static final int DUP2 = 92;
        static final int SWAP = 95;
        static final int IADD = 96;
        /** The next ones of numbers are of doubles; 4 further on stand difference, product, quotient. */
        static final int FADD = 98;

        static final int ISUB = 100;
        static final int IMUL = 104;
        static final int INEG = 116;
        static final int ISHL = 120;
        static final int ISHR = 122;
        static final int IAND = 126;
        static final int IOR = 128;
        static final int IXOR = 130;
        static final int F2D = 141;
        static final int D2F = 144;
        static final int RETURN = 177;
        static final int GETSTATIC = 178;
        static final int INVOKEVIRTUAL = 182;
        static final int INVOKESPECIAL = 183;
        static final int INVOKESTATIC = 184;
        static final int NOP = 0;

        private static final int BIPUSH = 16;
        private static final int LDC_W = 19;
        private static final int LDC2_W = 20;
        private static final int ILOAD = 21;
        private static final int LLOAD = 22;
        private static final int FLOAD = 23;
        private static final int DLOAD = 24;
        private static final int ALOAD = 25;
        private static final int ISTORE = 54;
        private static final int LSTORE = 55;
        private static final int FSTORE = 56;
        private static final int DSTORE = 57;
        private static final int ASTORE = 58;
        private static final int IINC = 132;
        private static final int IF_ICMPGE = 162;
        private static final int GOTO = 167;
        private static final int CHECKCAST = 192;
        private static final int WIDE = 196;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
        private final Map<Integer, Integer> jumps = new HashMap<>();
        private int frameCount;
        private int lastFrame = -1;
        private int locals;

        /** @param locals places that the parameters take */
        Code(int locals) {
            this.locals = locals;
        }

        /** A new local variable of one place or two. */
        int local(int places) {
            locals += places;
            return locals - places;
        }

        void op(int op) {
            bytes.write(op);
        }

        private void op(int op, int operand) {
            write(bytes, out -> {
                out.writeByte(op);
                out.writeShort(operand);
            });
        }

        private void variable(int op, int local) {
            if (local < 256) {
                op(op);
                op(local);
            } else {
                op(WIDE);
                op(op, local);
            }
        }

        void loadReference(int local) {
            variable(ALOAD, local);
        }

        void storeReference(int local) {
            variable(ASTORE, local);
        }

        void loadInt(int local) {
            variable(ILOAD, local);
        }

        void storeInt(int local) {
            variable(ISTORE, local);
        }

        void load(Precision precision, int local) {
            variable(precision == Precision.FLOAT ? FLOAD : DLOAD, local);
        }

        void store(Precision precision, int local) {
            variable(precision == Precision.FLOAT ? FSTORE : DSTORE, local);
        }

        /** An integer as wide as the type. */
        void loadInteger(Precision precision, int local) {
            variable(precision == Precision.FLOAT ? ILOAD : LLOAD, local);
        }

        void storeInteger(Precision precision, int local) {
            variable(precision == Precision.FLOAT ? ISTORE : LSTORE, local);
        }

        void push(int value) {
            if (value == (byte) value) {
                op(BIPUSH);
                op(value);
            } else {
                op(LDC_W, constant("int " + value, 1, out -> {
                    out.writeByte(3);
                    out.writeInt(value);
                }));
            }
        }

        /** A number of the type. */
        void push(Precision precision, double value) {
            if (precision == Precision.FLOAT) {
                int bits = Float.floatToRawIntBits((float) value);
                op(LDC_W, constant("float " + bits, 1, out -> {
                    out.writeByte(4);
                    out.writeInt(bits);
                }));
            } else {
                long bits = Double.doubleToRawLongBits(value);
                op(LDC2_W, constant("double " + bits, 2, out -> {
                    out.writeByte(6);
                    out.writeLong(bits);
                }));
            }
        }

        /** An integer as wide as the type. */
        void pushBits(Precision precision, long value) {
            if (precision == Precision.FLOAT) {
                push((int) value);
            } else {
                op(LDC2_W, constant("long " + value, 2, out -> {
                    out.writeByte(5);
                    out.writeLong(value);
                }));
            }
        }

        /** A field, or a method of a class. */
        void member(int op, String owner, String member, String descriptor) {
            op(op, ClassFile.this.member(op < INVOKEVIRTUAL ? 9 : 10, owner, member, descriptor));
        }

        void cast(String type) {
            op(CHECKCAST, type(type));
        }

        /**
         * {@code for (; i < end; i += step) body}.
         *
         * @param types of the local variables at its beginning: "I", or the name of a class
         */
        void loop(int i, int end, int step, List<String> types, Runnable body) {
            int start = bytes.size();
            frame(types);
            loadInt(i);
            loadInt(end);
            int jump = bytes.size();
            op(IF_ICMPGE, 0);
            body.run();
            op(WIDE);
            op(IINC, i);
            write(bytes, out -> out.writeShort(step));
            op(GOTO, start - bytes.size());
            frame(types);
            jumps.put(jump, bytes.size() - jump);
        }

        /** Here jumps arrive, with nothing on the stack. */
        private void frame(List<String> types) {
            int distance = bytes.size() - lastFrame - 1;
            lastFrame = bytes.size();
            frameCount++;
            write(frames, out -> {
                out.writeByte(255);
                out.writeShort(distance);
                out.writeShort(types.size());
                for (String type : types) {
                    boolean isInt = type.equals("I");
                    out.writeByte(isInt ? 1 : 7);
                    if (!isInt) {
                        out.writeShort(type(type));
                    }
                }
                out.writeShort(0);
            });
        }

        int length() {
            return bytes.size();
        }

        private byte[] toBytes() {
            byte[] code = bytes.toByteArray();
            jumps.forEach((at, distance) -> {
                code[at + 1] = (byte) (distance >> 8);
                code[at + 2] = (byte) (int) distance;
            });
            return code;
        }
    }
}
