package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.ClassFile.Code.AALOAD;
import static io.github.dl4jx.activations.formula.ClassFile.Code.DUP;
import static io.github.dl4jx.activations.formula.ClassFile.Code.GETSTATIC;
import static io.github.dl4jx.activations.formula.ClassFile.Code.IADD;
import static io.github.dl4jx.activations.formula.ClassFile.Code.IMUL;
import static io.github.dl4jx.activations.formula.ClassFile.Code.INVOKESTATIC;
import static io.github.dl4jx.activations.formula.ClassFile.Code.INVOKEVIRTUAL;
import static io.github.dl4jx.activations.formula.ClassFile.Code.ISUB;
import static io.github.dl4jx.activations.formula.ClassFile.Code.NOP;
import static io.github.dl4jx.activations.formula.ClassFile.Code.RETURN;
import static io.github.dl4jx.activations.formula.ClassFile.Code.SWAP;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A class with one loop over vectors, straight-line code without a call that is not the JDK's own: nothing has to be
 * inlined but that, and HotSpot, which gathers profiles by method, sees one computation in it.
 *
 * <p>C2 of JDK 17 delays inlining once a method has grown to 18,000 nodes, fails in the operation amid which it gets
 * there, and puts vectors on the heap from there on, ten times slower. So {@link #weight} foresees the nodes, and a long
 * computation is cut into loops over a few numbers in the first-level cache, each in a method of its own.
 */
final class VectorCompiler {
    /** Nodes that C2 takes in one method, with room for those that the weights do not count. */
    static final int BUDGET = Runtime.version().feature() < 21 ? 12_900 : 60_000;

    private static final String PACKAGE = "io/github/dl4jx/activations/formula/";
    private static final String SELF = PACKAGE + "GeneratedVectorLoop";
    private static final String LANES = PACKAGE + "Lanes";
    private static final String MEMORY = PACKAGE + "VectorMemory";
    private static final String API = "jdk/incubator/vector/";
    private static final String OPERATORS = API + "VectorOperators";
    private static final String COMPARISON = "L" + OPERATORS + "$Comparison;";
    private static final String BINARY = "L" + OPERATORS + "$Binary;";
    private static final String MASK = "L" + API + "VectorMask;";
    private static final String ANY = "L" + API + "Vector;";
    private static final String SPECIES = "L" + API + "VectorSpecies;";
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String SIGNATURE = "(" + OBJECT.repeat(3) + "II)V";

    /** HotSpot compiles no method of more bytes. */
    private static final int LONGEST_METHOD = 7900;

    /** Parts of one operation or two: where that does not help, nothing does. */
    private static final int SMALLEST_BUDGET = 1000;

    /** HotSpot inlines no method of more bytes, however hot. */
    private static final int INLINED = 330;

    private final ClassFile file = new ClassFile(SELF, PACKAGE + "ArrayLoop");
    private final Step root;
    private final NanPaths nan;
    private final List<Step> order;
    private final Map<Step, Integer> uses;
    private final Precision precision;
    private final boolean onHeap;

    // names that depend on the type
    private final String vector;
    private final String vectors;
    private final String bits;
    private final String allBits;
    private final String scalar;
    private final String scalarBits;
    private final String array;
    private final String prefix;

    // of the method at hand
    private ClassFile.Code code = file.new Code(0);
    private Map<Step, Integer> locals = Map.of();
    private int x;
    private int i;

    // of a computation in parts
    private final Map<Step, Integer> parts = new IdentityHashMap<>();
    private final Map<Step, Integer> scratch = new LinkedHashMap<>();
    private final Map<Step, Integer> scratchLocals = new IdentityHashMap<>();
    private int part;
    private int longest;

    private VectorCompiler(Step root, Precision precision, boolean onHeap, int budget) {
        this.root = root;
        this.precision = precision;
        this.onHeap = onHeap;
        boolean isFloat = precision == Precision.FLOAT;
        vector = API + (isFloat ? "FloatVector" : "DoubleVector");
        vectors = "L" + vector + ";";
        bits = API + (isFloat ? "IntVector" : "LongVector");
        allBits = "L" + bits + ";";
        scalar = isFloat ? "F" : "D";
        scalarBits = isFloat ? "I" : "J";
        array = isFloat ? "[F" : "[D";
        prefix = isFloat ? "FLOAT" : "DOUBLE";
        nan = NanPaths.of(root);
        order = Steps.order(root);
        uses = Steps.uses(order);
        int count = cut(budget);
        if (count == 1) {
            whole();
        } else {
            inParts(count);
        }
    }

    /**
     * The class file.
     *
     * @param onHeap whether the arrays are those of Java, or memory outside the heap
     * @param budget the nodes of a method
     */
    static byte[] compile(Step root, Precision precision, boolean onHeap, int budget) {
        for (int nodes = budget; nodes > SMALLEST_BUDGET; nodes /= 2) {
            VectorCompiler compiler = new VectorCompiler(root, precision, onHeap, nodes);
            if (compiler.longest <= LONGEST_METHOD) {
                return compiler.file.toBytes();
            }
        }
        throw new UnsupportedOperationException("too long for loops over vectors");
    }

    /** About how many nodes C2 makes of a step. */
    private int weight(Step step) {
        return switch (step.op) {
            case X, G, NUMBER -> 0;
            case FMA -> 470;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, ROOT -> 450;
            case NEGATE, ABS -> 300;
            case POWER_OF_2 -> 500;
            case MAGNITUDE -> nan.mustKeep(step) ? 2000 : 900;
            case CLAMP -> nan.mustKeep(step) ? 4800 : step.k == 0 ? 1100 : 3600;
            case MIN, MAX -> 900;
            case LESSER, GREATER -> 450;
            case WHERE_ABOVE, WHERE_BELOW, COPY_SIGN -> 1100;
            case ONE_UNLESS_NEGATIVE -> 1600;
        };
    }

    /** Into parts of at most so many nodes, if the whole has more; how many. */
    private int cut(int budget) {
        int total = order.stream().mapToInt(this::weight).sum();
        int room = total <= budget ? Integer.MAX_VALUE : budget * 7 / 10; // a part has its arrays to see to
        int size = 0;
        int at = 0;
        for (Step step : order) {
            if (size > 0 && size + weight(step) > room) {
                at++;
                size = 0;
            }
            size += weight(step);
            parts.put(step, at);
        }
        return at + 1;
    }

    private int partOf(Step step) {
        Integer result = parts.get(step);
        return result == null ? 0 : result;
    }

    /** this, x, g, y, from, to. */
    private void whole() {
        code = file.new Code(6);
        x = 1;
        i = 4;
        List<String> types = new ArrayList<>(List.of(SELF));
        castArrays(types);
        types.addAll(List.of("I", "I"));
        locals = new IdentityHashMap<>();
        code.loop(i, 5, Lanes.count(precision), types, () -> {
            emit(root);
            store(x + 2);
        });
        code.op(RETURN);
        longest = code.length();
        file.method(ClassFile.PUBLIC, "run", SIGNATURE, code);
    }

    private void castArrays(List<String> types) {
        for (int k = 0; k < 3; k++) {
            if (onHeap) {
                code.loadReference(x + k);
                code.cast(array);
                code.storeReference(x + k);
            }
            types.add(onHeap ? array : "java/lang/Object");
        }
    }

    /** A loop over stretches; over each of them run all parts, which meet in scratch arrays. */
    private void inParts(int count) {
        List<Set<Step>> results = results(count);
        results.forEach(steps -> steps.forEach(step -> scratch.put(step, scratch.size())));
        String signature = "(" + OBJECT.repeat(3) + "II[" + array + ")V";
        for (int k = 0; k < count; k++) {
            part("part" + k, signature, k, results.get(k), k == count - 1);
        }
        code = file.new Code(6);
        int arrays = code.local(1);
        code.push(scratch.size());
        String name = precision == Precision.FLOAT ? "floatScratch" : "doubleScratch";
        code.member(INVOKESTATIC, LANES, name, "(I)[" + array);
        code.storeReference(arrays);
        String object = "java/lang/Object";
        code.loop(4, 5, Lanes.SCRATCH, List.of(SELF, object, object, object, "I", "I", "[" + array), () -> {
            for (int k = 0; k < count; k++) {
                code.loadReference(1);
                code.loadReference(2);
                code.loadReference(3);
                code.loadInt(4);
                code.loadInt(4);
                code.push(Lanes.SCRATCH);
                code.op(IADD);
                code.loadInt(5);
                code.member(INVOKESTATIC, "java/lang/Math", "min", "(II)I");
                code.loadReference(arrays);
                code.member(INVOKESTATIC, SELF, "part" + k, signature);
            }
        });
        code.op(RETURN);
        longest = Math.max(longest, code.length());
        file.method(ClassFile.PUBLIC, "run", SIGNATURE, code);
    }

    /** What each part has to leave for later ones. */
    private List<Set<Step>> results(int count) {
        List<Set<Step>> results = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            results.add(new LinkedHashSet<>());
        }
        for (int k = count - 1; k > 0; k--) {
            Set<Step> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            List<Step> roots = new ArrayList<>(results.get(k));
            if (k == count - 1) {
                roots.add(root);
            }
            for (Step step : roots) {
                crossings(step, k, results, seen);
            }
        }
        return results;
    }

    private void crossings(Step step, int of, List<Set<Step>> results, Set<Step> seen) {
        if (step.isFree() || !seen.add(step)) {
            return;
        }
        if (partOf(step) < of) {
            results.get(partOf(step)).add(step);
            return;
        }
        for (Step operand : step.operands) {
            crossings(operand, of, results, seen);
        }
    }

    /** x, g, y, from, to, scratch arrays. */
    private void part(String name, String signature, int of, Set<Step> results, boolean isLast) {
        part = of;
        code = file.new Code(6);
        x = 0;
        List<String> types = new ArrayList<>();
        castArrays(types);
        types.addAll(List.of("I", "I", "[" + array));
        scratchLocals.clear();
        Set<Step> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        results.forEach(step -> openScratch(step, seen));
        if (isLast) {
            openScratch(root, seen);
        }
        types.addAll(Collections.nCopies(scratchLocals.size(), array));
        types.add("I");
        for (int k = 0; k < INLINED; k++) {
            code.op(NOP); // or the parts would be one method again
        }
        i = code.local(1);
        code.loadInt(3);
        code.storeInt(i);
        locals = new IdentityHashMap<>();
        code.loop(i, 4, Lanes.count(precision), types, () -> {
            for (Step step : results) {
                emit(step);
                code.loadReference(scratchArray(step));
                scratchPlace();
                code.member(INVOKEVIRTUAL, vector, "intoArray", "(" + array + "I)V");
            }
            if (isLast) {
                emit(root);
                store(2);
            }
        });
        code.op(RETURN);
        longest = Math.max(longest, code.length());
        file.method(ClassFile.STATIC, name, signature, code);
    }

    /** Takes the scratch arrays that the step is made from, and its own, as local variables. */
    private void openScratch(Step step, Set<Step> seen) {
        if (step.isFree() || !seen.add(step)) {
            return;
        }
        Integer place = scratch.get(step);
        if (place != null) {
            code.loadReference(5);
            code.push(place);
            code.op(AALOAD);
            int local = code.local(1);
            code.storeReference(local);
            scratchLocals.put(step, local);
        }
        if (place == null || partOf(step) == part) {
            for (Step operand : step.operands) {
                openScratch(operand, seen);
            }
        }
    }

    private int scratchArray(Step step) {
        Integer local = scratchLocals.get(step);
        if (local == null) {
            throw new AssertionError(step);
        }
        return local;
    }

    private void scratchPlace() {
        code.loadInt(i);
        code.loadInt(3);
        code.op(ISUB);
    }

    private void store(int to) {
        if (onHeap) {
            code.loadReference(to);
            code.loadInt(i);
            code.member(INVOKEVIRTUAL, vector, "intoArray", "(" + array + "I)V");
        } else {
            handle("STORE");
            code.op(SWAP);
            code.loadReference(to);
            offset();
            code.member(INVOKEVIRTUAL, "java/lang/invoke/MethodHandle", "invokeExact", "(" + vectors + OBJECT + "I)V");
        }
    }

    private void load(int from) {
        if (onHeap) {
            species();
            code.loadReference(from);
            code.loadInt(i);
            fromArray();
        } else {
            handle("LOAD");
            code.loadReference(from);
            offset();
            code.member(INVOKEVIRTUAL, "java/lang/invoke/MethodHandle", "invokeExact", "(" + OBJECT + "I)" + vectors);
        }
        cast();
    }

    private void handle(String name) {
        String suffix = precision == Precision.FLOAT ? "" : "_DOUBLES";
        code.member(GETSTATIC, MEMORY, name + suffix, "Ljava/lang/invoke/MethodHandle;");
    }

    private void offset() {
        code.loadInt(i);
        code.push(precision.bytes);
        code.op(IMUL);
    }

    private void fromArray() {
        code.member(INVOKESTATIC, vector, "fromArray", "(" + SPECIES + array + "I)" + vectors);
    }

    private void species() {
        code.member(GETSTATIC, LANES, prefix + "S", SPECIES);
    }

    private void cast() {
        code.member(GETSTATIC, LANES, prefix + "_CLASS", "Ljava/lang/Class;");
        code.op(SWAP);
        code.member(INVOKEVIRTUAL, "java/lang/Class", "cast", "(" + OBJECT + ")" + OBJECT);
        code.cast(vector);
    }

    /** Leaves the step's vector on the stack. */
    private void emit(Step step) {
        if (step.isNumber()) {
            species();
            code.push(precision, step.k);
            code.member(INVOKESTATIC, vector, "broadcast", "(" + SPECIES + scalar + ")" + vectors);
            return;
        }
        Integer local = locals.get(step);
        if (local != null) {
            code.loadReference(local);
            return;
        }
        boolean isStored = scratch.containsKey(step);
        if (isStored && partOf(step) < part) {
            species();
            code.loadReference(scratchArray(step));
            scratchPlace();
            fromArray();
            cast();
        } else {
            compute(step);
        }
        if (isStored || uses.getOrDefault(step, 0) > 1) {
            int place = code.local(1);
            code.op(DUP);
            code.storeReference(place);
            locals.put(step, place);
        }
    }

    /** The same where C2 has to know the class of the vector, because something is called on it. */
    private void receiver(Step step) {
        emit(step);
        if (step.isNumber()) {
            cast();
        }
    }

    private void compute(Step step) {
        switch (step.op) {
            case X -> load(x);
            case G -> load(x + 1);
            case NUMBER -> throw new AssertionError(step);
            case ADD -> binary(step, "add");
            case SUBTRACT -> binary(step, "sub");
            case MULTIPLY -> binary(step, "mul");
            case DIVIDE -> binary(step, "div");
            case LESSER -> binary(step, "min");
            case GREATER -> binary(step, "max");
            case FMA -> fma(step);
            case NEGATE -> unary(step, "neg");
            case ABS -> unary(step, "abs");
            case ROOT -> unary(step, "sqrt");
            case MIN -> bound(step, "min", "GT");
            case MAX -> bound(step, "max", "LE");
            case CLAMP -> clamp(step);
            case MAGNITUDE -> magnitude(step);
            case WHERE_ABOVE -> where(step, "GT");
            case WHERE_BELOW -> where(step, "LT");
            case ONE_UNLESS_NEGATIVE -> {
                emit(step.operand(0));
                asBits();
                bitwise("not");
                signs();
                bitwise("and", bitsOf(1));
                asNumbers();
            }
            case COPY_SIGN -> {
                emit(step.operand(0));
                asBits();
                emit(step.operand(1));
                asBits();
                bitwise("and", bitsOf(-0.0));
                code.member(INVOKEVIRTUAL, bits, "or", "(" + ANY + ")" + allBits);
                asNumbers();
            }
            case POWER_OF_2 -> {
                emit(step.operand(0));
                asBits();
                shift("LSHL", precision.significandBits);
                asNumbers();
            }
        }
    }

    private void unary(Step step, String method) {
        emit(step.operand(0));
        code.member(INVOKEVIRTUAL, vector, method, "()" + vectors);
    }

    private void binary(Step step, String method) {
        receiver(step.operand(0));
        if (step.operand(1).isNumber()) {
            code.push(precision, step.operand(1).k);
            code.member(INVOKEVIRTUAL, vector, method, "(" + scalar + ")" + vectors);
        } else {
            emit(step.operand(1));
            code.member(INVOKEVIRTUAL, vector, method, "(" + ANY + ")" + vectors);
        }
    }

    private void fma(Step step) {
        receiver(step.operand(0));
        if (step.operand(1).isNumber() && step.operand(2).isNumber()) {
            code.push(precision, step.operand(1).k);
            code.push(precision, step.operand(2).k);
            code.member(INVOKEVIRTUAL, vector, "fma", "(" + scalar + scalar + ")" + vectors);
        } else {
            emit(step.operand(1));
            emit(step.operand(2));
            code.member(INVOKEVIRTUAL, vector, "fma", "(" + ANY + ANY + ")" + vectors);
        }
    }

    /** As integers, which are in the order of the numbers where none is negative, or in two steps that keep NaN. */
    private void bound(Step step, String method, String beyond) {
        emit(step.operand(0));
        if (!nan.mustKeep(step) && step.k >= 0) {
            asBits();
            bitwise(method, bitsOf(step.k));
            asNumbers();
        } else {
            code.op(DUP);
            compare(beyond, step.k);
            pushUnderMask(step.k);
        }
    }

    /** On the stack a vector and a mask; the vector with the number where the mask is set. */
    private void pushUnderMask(double number) {
        int mask = code.local(1);
        code.storeReference(mask);
        code.push(precision, number);
        code.loadReference(mask);
        code.member(INVOKEVIRTUAL, vector, "blend", "(" + scalar + MASK + ")" + vectors);
    }

    private void compare(String comparison, double number) {
        code.member(GETSTATIC, OPERATORS, comparison, COMPARISON);
        code.push(precision, number);
        code.member(INVOKEVIRTUAL, vector, "compare", "(" + COMPARISON + scalar + ")" + MASK);
    }

    private void where(Step step, String comparison) {
        receiver(step.operand(2));
        Step chosen = step.operand(1);
        if (chosen.isNumber()) {
            code.push(precision, chosen.k);
        } else {
            emit(chosen);
        }
        emit(step.operand(0));
        compare(comparison, step.k);
        String type = chosen.isNumber() ? scalar : ANY;
        code.member(INVOKEVIRTUAL, vector, "blend", "(" + type + MASK + ")" + vectors);
    }

    private void magnitude(Step step) {
        unary(step, "abs");
        asBits();
        int size = code.local(1);
        code.op(DUP);
        code.storeReference(size);
        bitwise("min", bitsOf(step.k));
        if (nan.mustKeep(step)) {
            code.loadReference(size);
            orNan();
        }
        asNumbers();
    }

    /** A negative number's bits but for the sign turned round, the integers are in the order of the numbers. */
    private void clamp(Step step) {
        emit(step.operand(0));
        asBits();
        if (step.k == 0 && !nan.mustKeep(step)) {
            bitwise("max", 0);
            bitwise("min", bitsOf(step.high));
            asNumbers();
            return;
        }
        int before = code.local(1);
        int confined = code.local(1);
        code.op(DUP);
        code.storeReference(before);
        turnNegatives(before);
        bitwise("max", step.k < 0 ? bitsOf(step.k) ^ largestBits() : 0);
        bitwise("min", bitsOf(step.high));
        code.op(DUP);
        code.storeReference(confined);
        turnNegatives(confined);
        if (nan.mustKeep(step)) {
            code.loadReference(before);
            bitwise("and", largestBits()); // not abs(): JDK 17 leaves a NaN its sign there, until it has compiled it
            orNan();
        }
        asNumbers();
    }

    /** On the stack the integers of this local; in negative ones all bits but the sign turned round. */
    private void turnNegatives(int local) {
        code.member(GETSTATIC, OPERATORS, "XOR", "L" + OPERATORS + "$Associative;");
        code.loadReference(local);
        signs();
        bitwise("and", largestBits());
        code.member(INVOKEVIRTUAL, bits, "lanewise", "(" + BINARY + ANY + ")" + allBits);
    }

    /** On the stack integers and the bits of |x|; the integers, with all bits where those are NaN's: above ∞'s. */
    private void orNan() {
        code.member(GETSTATIC, LANES, prefix + "_INFINITY", allBits);
        code.op(SWAP);
        code.member(INVOKEVIRTUAL, bits, "sub", "(" + ANY + ")" + allBits);
        signs();
        code.member(INVOKEVIRTUAL, bits, "or", "(" + ANY + ")" + allBits);
    }

    private long largestBits() {
        return precision == Precision.FLOAT ? Integer.MAX_VALUE : Long.MAX_VALUE;
    }

    private long bitsOf(double number) {
        return precision == Precision.FLOAT
                ? Float.floatToRawIntBits((float) number)
                : Double.doubleToRawLongBits(number);
    }

    private void asBits() {
        String method = precision == Precision.FLOAT ? "reinterpretAsInts" : "reinterpretAsLongs";
        code.member(INVOKEVIRTUAL, vector, method, "()" + allBits);
    }

    private void asNumbers() {
        String method = precision == Precision.FLOAT ? "reinterpretAsFloats" : "reinterpretAsDoubles";
        code.member(INVOKEVIRTUAL, bits, method, "()" + vectors);
    }

    private void bitwise(String method) {
        code.member(INVOKEVIRTUAL, bits, method, "()" + allBits);
    }

    private void bitwise(String method, long operand) {
        code.pushBits(precision, operand);
        code.member(INVOKEVIRTUAL, bits, method, "(" + scalarBits + ")" + allBits);
    }

    /** All bits where the sign is set, none elsewhere. */
    private void signs() {
        shift("ASHR", precision.bytes * Byte.SIZE - 1);
    }

    private void shift(String operator, int count) {
        code.member(GETSTATIC, OPERATORS, operator, BINARY);
        code.pushBits(precision, count);
        code.member(INVOKEVIRTUAL, bits, "lanewise", "(" + BINARY + scalarBits + ")" + allBits);
    }
}
