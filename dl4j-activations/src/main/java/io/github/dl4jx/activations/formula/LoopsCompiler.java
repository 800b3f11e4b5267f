package io.github.dl4jx.activations.formula;

import static io.github.dl4jx.activations.formula.ClassFile.Code.AALOAD;
import static io.github.dl4jx.activations.formula.ClassFile.Code.INVOKESTATIC;
import static io.github.dl4jx.activations.formula.ClassFile.Code.INVOKEVIRTUAL;
import static io.github.dl4jx.activations.formula.ClassFile.Code.RETURN;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A class with plain loops that C2 makes vectors of by itself: short ones, over arrays at the same index, without
 * conditions and conversions, which JDK 17 leaves scalar. What needs the bits of numbers, powers of 2 and selections, is
 * a loop of its own over integers, between the loops over numbers.
 */
final class LoopsCompiler {
    private static final String PACKAGE = "io/github/dl4jx/activations/formula/";
    private static final String SELF = PACKAGE + "GeneratedPlainLoops";
    private static final String SCRATCH = PACKAGE + "LoopScratch";
    private static final String MATH = "java/lang/Math";

    /** Operations of a loop that C2 is sure to make vectors of. */
    private static final int LOOP = 16;

    /** Operations that are rather done again than stored. */
    private static final int CHEAP = 2;

    private final ClassFile file = new ClassFile(SELF, PACKAGE + "ArrayLoop");
    private final Step root;
    private final Precision precision;
    private final boolean isFloat;
    private final String numbers;
    private final String integers;

    /** Of each step, the loop that it is computed in. */
    private final Map<Step, Integer> loops = new IdentityHashMap<>();

    private final Map<Step, Integer> costs = new IdentityHashMap<>();
    private final Set<Step> onBits = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The arrays of numbers, and those of bits, by the steps whose results they hold. */
    private final Map<Step, Integer> arrays = new LinkedHashMap<>();

    private final Map<Step, Integer> bits = new LinkedHashMap<>();

    // of the method at hand
    private ClassFile.Code code = file.new Code(0);
    private Map<Step, Integer> locals = Map.of();
    private Map<Step, Integer> uses = Map.of();
    private Map<String, Integer> opened = Map.of();
    private int i;
    private int loop;

    private LoopsCompiler(Step root, Precision precision) {
        this.root = root;
        this.precision = precision;
        isFloat = precision == Precision.FLOAT;
        numbers = isFloat ? "[F" : "[D";
        integers = isFloat ? "[I" : "[J";
        List<Step> order = Steps.order(root);
        uses = Steps.uses(order);
        int count = assign(order);
        List<Set<Step>> results = results(count);
        run(order, results);
    }

    /** The class file; it takes arrays of Java and no more than {@link LoopScratch#LENGTH} numbers. */
    static byte[] compile(Step root, Precision precision) {
        return new LoopsCompiler(root, precision).file.toBytes();
    }

    private static boolean worksOnBits(Step step) {
        return step.op == Step.Op.POWER_OF_2 || step.isSelection();
    }

    /** To each step its loop, so that loops over integers stand behind what they need; how many loops there are. */
    private int assign(List<Step> order) {
        Map<Step, Integer> depths = new IdentityHashMap<>();
        int deepest = 0;
        for (Step step : order) {
            int depth = 0;
            int cost = step.isFree() ? 0 : step.op == Step.Op.DIVIDE || step.op == Step.Op.ROOT ? 4 : 1;
            boolean isOnBits = worksOnBits(step);
            for (Step operand : step.operands) {
                depth = Math.max(depth, get(depths, operand));
                cost += get(costs, operand);
                isOnBits |= onBits.contains(operand);
            }
            depth += worksOnBits(step) ? 1 : 0;
            deepest = Math.max(deepest, depth);
            depths.put(step, depth);
            costs.put(step, cost);
            if (isOnBits) {
                onBits.add(step);
            }
        }
        int next = 0;
        for (int depth = 0; depth <= deepest; depth++) {
            for (Step step : order) { // over integers, each by itself
                if (get(depths, step) == depth && worksOnBits(step)) {
                    loops.put(step, next++);
                }
            }
            int size = 0;
            for (Step step : order) {
                if (get(depths, step) == depth && !worksOnBits(step)) {
                    int length = length(step);
                    if (size > 0 && size + length > LOOP) {
                        next++;
                        size = 0;
                    }
                    size += length;
                    loops.put(step, next);
                }
            }
            next++;
        }
        return next;
    }

    private static int length(Step step) {
        return switch (step.op) {
            case X, G, NUMBER -> 0;
            case ONE_UNLESS_NEGATIVE -> 4;
            case CLAMP, MAGNITUDE -> 2;
            default -> 1;
        };
    }

    private static int get(Map<Step, Integer> of, Step step) {
        Integer value = of.get(step);
        return value == null ? 0 : value;
    }

    /** What each loop has to leave for later ones. */
    private List<Set<Step>> results(int count) {
        List<Set<Step>> results = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            results.add(new LinkedHashSet<>());
        }
        if (!root.isFree()) {
            results.get(get(loops, root)).add(root);
        } else {
            results.get(count - 1).add(root);
        }
        for (int k = count - 1; k >= 0; k--) {
            Set<Step> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Step result : new ArrayList<>(results.get(k))) {
                if (worksOnBits(result)) {
                    for (Step operand : result.operands) {
                        if (!operand.isFree()) {
                            leave(operand, results);
                        }
                    }
                } else {
                    cross(result, k, results, seen);
                }
            }
        }
        return results;
    }

    private void leave(Step step, List<Set<Step>> results) {
        results.get(get(loops, step)).add(step);
    }

    private void cross(Step step, int of, List<Set<Step>> results, Set<Step> seen) {
        if (step.isFree() || !seen.add(step)) {
            return;
        }
        boolean isEarlier = get(loops, step) < of;
        if (isEarlier && (isLeft(step, results) || get(costs, step) > CHEAP || onBits.contains(step))) {
            leave(step, results);
            return;
        }
        for (Step operand : step.operands) {
            cross(operand, of, results, seen);
        }
    }

    private boolean isLeft(Step step, List<Set<Step>> results) {
        return results.get(get(loops, step)).contains(step);
    }

    /** this, x, g, y, from, to: from is 0. */
    private void run(List<Step> order, List<Set<Step>> results) {
        Set<Step> all = new LinkedHashSet<>();
        results.forEach(all::addAll);
        for (Step step : all) {
            if (step != root) {
                arrays.put(step, arrays.size());
            }
        }
        for (Step step : order) {
            if (worksOnBits(step) && all.contains(step)) {
                bits.putIfAbsent(step, bits.size());
                for (Step operand : step.operands) {
                    if (!operand.isNumber()) {
                        bits.putIfAbsent(operand, bits.size());
                    }
                }
            }
        }
        ClassFile.Code main = file.new Code(6);
        int scratch = main.local(1);
        int numberArrays = main.local(1);
        int bitArrays = main.local(1);
        main.member(INVOKESTATIC, SCRATCH, "ofThread", "()L" + SCRATCH + ";");
        main.storeReference(scratch);
        main.loadReference(scratch);
        main.push(arrays.size());
        main.member(INVOKEVIRTUAL, SCRATCH, isFloat ? "floats" : "doubles", "(I)[" + numbers);
        main.storeReference(numberArrays);
        main.loadReference(scratch);
        main.push(bits.size());
        main.member(INVOKEVIRTUAL, SCRATCH, isFloat ? "ints" : "longs", "(I)[" + integers);
        main.storeReference(bitArrays);
        for (int k = 1; k <= 3; k++) {
            main.loadReference(k);
            main.cast(numbers);
            main.storeReference(k);
        }
        String signature = "(" + numbers.repeat(3) + "[" + numbers + "[" + integers + "I)V";
        Set<Step> converted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int k = 0; k < results.size(); k++) {
            if (results.get(k).isEmpty()) {
                continue;
            }
            Step first = results.get(k).iterator().next();
            boolean isOnBits = worksOnBits(first);
            if (isOnBits) {
                for (Step operand : first.operands) {
                    if (!operand.isNumber() && converted.add(operand)) {
                        main.loadReference(scratch);
                        numbersOf(main, operand, numberArrays);
                        element(main, bitArrays, get(bits, operand));
                        main.loadInt(5);
                        main.member(INVOKEVIRTUAL, SCRATCH, "toBits", "(" + numbers + integers + "I)V");
                    }
                }
            }
            for (int p = 1; p <= 3; p++) {
                main.loadReference(p);
            }
            main.loadReference(numberArrays);
            main.loadReference(bitArrays);
            main.loadInt(5);
            main.member(INVOKESTATIC, SELF, "loop" + k, signature);
            if (isOnBits) {
                bitLoop("loop" + k, signature, first);
                converted.add(first);
                main.loadReference(scratch);
                element(main, bitArrays, get(bits, first));
                numbersOf(main, first, numberArrays);
                main.loadInt(5);
                main.member(INVOKEVIRTUAL, SCRATCH, "toNumbers", "(" + integers + numbers + "I)V");
            } else {
                numberLoop("loop" + k, signature, k, results.get(k));
            }
        }
        main.op(RETURN);
        file.method(ClassFile.PUBLIC, "run", "(" + "Ljava/lang/Object;".repeat(3) + "II)V", main);
    }

    private static void element(ClassFile.Code of, int arrays, int index) {
        of.loadReference(arrays);
        of.push(index);
        of.op(AALOAD);
    }

    private void numbersOf(ClassFile.Code of, Step step, int numberArrays) {
        switch (step.op) {
            case X -> of.loadReference(1);
            case G -> of.loadReference(2);
            default -> {
                if (step == root) {
                    of.loadReference(3);
                } else {
                    element(of, numberArrays, get(arrays, step));
                }
            }
        }
    }

    // the loops, with x, g, y, the arrays of numbers, those of bits, and the count

    private void begin() {
        code = file.new Code(6);
        opened = new LinkedHashMap<>();
        locals = new IdentityHashMap<>();
    }

    /** An array as a local variable, taken before the loop begins. */
    private void open(String key, int arraysLocal, int index) {
        if (!opened.containsKey(key)) {
            element(code, arraysLocal, index);
            int local = code.local(1);
            code.storeReference(local);
            opened.put(key, local);
        }
    }

    private void openNumbers(Step step) {
        if (arrays.containsKey(step)) {
            open("numbers " + get(arrays, step), 3, get(arrays, step));
        }
    }

    private int numbersLocal(Step step) {
        return switch (step.op) {
            case X -> 0;
            case G -> 1;
            default -> {
                Integer local = opened.get("numbers " + get(arrays, step));
                yield step == root || local == null ? 2 : local;
            }
        };
    }

    private List<String> types(String arrayType) {
        List<String> types = new ArrayList<>(List.of(numbers, numbers, numbers, "[" + numbers, "[" + integers, "I"));
        types.addAll(Collections.nCopies(opened.size(), arrayType));
        types.add("I");
        return types;
    }

    private void loop(String arrayType, Runnable body) {
        List<String> types = types(arrayType);
        i = code.local(1);
        code.push(0);
        code.storeInt(i);
        code.loop(i, 5, 1, types, body);
        code.op(RETURN);
    }

    private void numberLoop(String name, String signature, int index, Set<Step> results) {
        begin();
        loop = index;
        Set<Step> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Step result : results) {
            openNumbers(result);
            for (Step operand : result.operands) {
                openEarlier(operand, seen);
            }
        }
        loop(numbers, () -> {
            for (Step result : results) {
                code.loadReference(numbersLocal(result));
                code.loadInt(i);
                emit(result);
                code.op(isFloat ? ClassFile.Code.FASTORE : ClassFile.Code.DASTORE);
            }
        });
        file.method(ClassFile.STATIC, name, signature, code);
    }

    private void openEarlier(Step step, Set<Step> seen) {
        if (seen.add(step)) {
            openNumbers(step);
            if (!isStored(step)) {
                for (Step operand : step.operands) {
                    openEarlier(operand, seen);
                }
            }
        }
    }

    /** Whether an earlier loop has left it. */
    private boolean isStored(Step step) {
        return arrays.containsKey(step) && get(loops, step) < loop;
    }

    private void emit(Step step) {
        Integer local = locals.get(step);
        if (step.isNumber()) {
            code.push(precision, step.k);
        } else if (local != null) {
            code.load(precision, local);
        } else {
            if (step.isFree() || isStored(step)) {
                code.loadReference(numbersLocal(step));
                code.loadInt(i);
                code.op(isFloat ? ClassFile.Code.FALOAD : ClassFile.Code.DALOAD);
            } else {
                compute(step);
            }
            if (step.isFree() || get(uses, step) > 1) {
                int place = code.local(isFloat ? 1 : 2);
                code.op(isFloat ? ClassFile.Code.DUP : ClassFile.Code.DUP2);
                code.store(precision, place);
                locals.put(step, place);
            }
        }
    }

    private void compute(Step step) {
        emit(step.operand(0));
        switch (step.op) {
            case ADD -> binary(step, ClassFile.Code.FADD);
            case SUBTRACT -> binary(step, ClassFile.Code.FADD + 4);
            case MULTIPLY -> binary(step, ClassFile.Code.FADD + 8);
            case DIVIDE -> binary(step, ClassFile.Code.FADD + 12);
            case FMA -> {
                emit(step.operand(1));
                emit(step.operand(2));
                math("fma", 3);
            }
            case NEGATE -> arithmetic(ClassFile.Code.FADD + 20);
            case ABS -> math("abs", 1);
            case ROOT -> {
                if (isFloat) {
                    code.op(ClassFile.Code.F2D);
                }
                code.member(INVOKESTATIC, MATH, "sqrt", "(D)D");
                if (isFloat) {
                    code.op(ClassFile.Code.D2F);
                }
            }
            case MIN -> mathWith("min", step.k);
            case MAX -> mathWith("max", step.k);
            case CLAMP -> {
                mathWith("max", step.k);
                mathWith("min", step.high);
            }
            case MAGNITUDE -> {
                math("abs", 1);
                mathWith("min", step.k);
            }
            case LESSER -> {
                emit(step.operand(1));
                math("min", 2);
            }
            case GREATER -> {
                emit(step.operand(1));
                math("max", 2);
            }
            case ONE_UNLESS_NEGATIVE -> { // 0 at 0, where it does not matter
                double steep = Math.scalb(1.0, isFloat ? 100 : 540);
                for (int k = 0; k < 2; k++) {
                    code.push(precision, steep);
                    arithmetic(ClassFile.Code.FADD + 8);
                }
                mathWith("max", 0);
                mathWith("min", 1);
            }
            case X, G, NUMBER, COPY_SIGN, POWER_OF_2, WHERE_ABOVE, WHERE_BELOW -> throw new AssertionError(step);
        }
    }

    private void binary(Step step, int op) {
        emit(step.operand(1));
        arithmetic(op);
    }

    private void arithmetic(int ofFloats) {
        code.op(isFloat ? ofFloats : ofFloats + 1);
    }

    private void math(String method, int operands) {
        String type = isFloat ? "F" : "D";
        code.member(INVOKESTATIC, MATH, method, "(" + type.repeat(operands) + ")" + type);
    }

    private void mathWith(String method, double number) {
        code.push(precision, number);
        math(method, 2);
    }

    private void bitLoop(String name, String signature, Step step) {
        begin();
        open("result", 4, get(bits, step));
        for (Step operand : step.operands) {
            if (!operand.isNumber()) {
                open("bits " + get(bits, operand), 4, get(bits, operand));
            }
        }
        loop(integers, () -> {
            code.loadReference(opened("result"));
            code.loadInt(i);
            if (step.op == Step.Op.POWER_OF_2) {
                loadBits(step.operand(0));
                code.push(precision.significandBits);
                integer(ClassFile.Code.ISHL);
            } else {
                select(step);
            }
            code.op(isFloat ? ClassFile.Code.IASTORE : ClassFile.Code.LASTORE);
        });
        file.method(ClassFile.STATIC, name, signature, code);
    }

    private int opened(String key) {
        Integer local = opened.get(key);
        if (local == null) {
            throw new AssertionError(key);
        }
        return local;
    }

    private void loadBits(Step step) {
        if (step.isNumber()) {
            long number = isFloat ? Float.floatToRawIntBits((float) step.k) : Double.doubleToRawLongBits(step.k);
            code.pushBits(precision, number);
        } else {
            code.loadReference(opened("bits " + get(bits, step)));
            code.loadInt(i);
            code.op(isFloat ? ClassFile.Code.IALOAD : ClassFile.Code.LALOAD);
        }
    }

    /** (above &amp; m) | (other &amp; ~m), where m has all bits where the condition is a number &gt; 0. */
    private void select(Step step) {
        int condition = code.local(isFloat ? 1 : 2);
        int mask = code.local(isFloat ? 1 : 2);
        loadBits(step.operand(0));
        storeInteger(condition);
        loadInteger(condition); // −v & ~v: negative for the bits of a positive number
        integer(ClassFile.Code.INEG);
        loadInteger(condition);
        code.pushBits(precision, -1);
        integer(ClassFile.Code.IXOR);
        integer(ClassFile.Code.IAND);
        loadInteger(condition); // v − ∞ − 1: negative but for NaN
        code.pushBits(
                precision,
                isFloat
                        ? Float.floatToRawIntBits(Float.POSITIVE_INFINITY) + 1L
                        : Double.doubleToRawLongBits(Double.POSITIVE_INFINITY) + 1);
        integer(ClassFile.Code.ISUB);
        integer(ClassFile.Code.IAND);
        code.push(isFloat ? 31 : 63);
        integer(ClassFile.Code.ISHR);
        storeInteger(mask);
        boolean hasOther = !step.operand(2).is(0);
        boolean hasAbove = !step.operand(1).is(0);
        if (hasAbove) {
            loadBits(step.operand(1));
            loadInteger(mask);
            integer(ClassFile.Code.IAND);
        }
        if (hasOther) {
            loadBits(step.operand(2));
            loadInteger(mask);
            code.pushBits(precision, -1);
            integer(ClassFile.Code.IXOR);
            integer(ClassFile.Code.IAND);
        }
        if (hasAbove && hasOther) {
            integer(ClassFile.Code.IOR);
        }
    }

    /** An operation of integers, or of long ones. */
    private void integer(int ofInts) {
        code.op(isFloat ? ofInts : ofInts + 1);
    }

    private void loadInteger(int local) {
        code.loadInteger(precision, local);
    }

    private void storeInteger(int local) {
        code.storeInteger(precision, local);
    }
}
