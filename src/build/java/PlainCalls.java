import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes out in bytecode what a process would otherwise make for itself in every start: switches over types, and the
 * equals, hashCode and toString of records. The JVM's cache of classes keeps lambdas and joined strings, and none of these.
 *
 * <p>Takes the folder of the classes, which are changed in place; the class path holds them and all that they extend.
 */
final class PlainCalls {

    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
    private static final ClassDesc BUILDER = ClassDesc.of("java.lang.StringBuilder");

    private final ClassModel model;
    private final ClassDesc self;
    private final List<Written> written = new ArrayList<>();

    /** A method in place of a call. */
    private record Written(String name, MethodTypeDesc type, Body body) {}

    private interface Body {
        void write(CodeBuilder code);
    }

    private PlainCalls(ClassModel model) {
        this.model = model;
        this.self = model.thisClass().asSymbol();
    }

    public static void main(String... args) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".class")).toList()) {
                PlainCalls calls = new PlainCalls(ClassFile.of().parse(file));
                byte[] plain = calls.plain();
                if (!calls.written.isEmpty()) {
                    Files.write(file, plain);
                }
            }
        }
    }

    private byte[] plain() {
        ClassTransform calls = ClassTransform.transformingMethodBodies((code, element) -> {
            if (element instanceof InvokeDynamicInstruction call && body(call) instanceof Body body) {
                MethodTypeDesc type = call.typeSymbol();
                String name = "plain$" + written.size();
                written.add(new Written(name, type, body));
                code.invokestatic(self, name, type, isInterface());
            } else if (!(element instanceof RuntimeVisibleTypeAnnotationsAttribute)) {
                // Those of local variables would keep the places of the longer code.
                code.with(element);
            }
        });
        return ClassFile.of().transformClass(model, calls.andThen(ClassTransform.endHandler(this::addWritten)));
    }

    private void addWritten(ClassBuilder builder) {
        for (Written method : written) {
            builder.withMethodBody(
                    method.name(),
                    method.type(),
                    ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                    method.body()::write);
        }
    }

    private boolean isInterface() {
        return model.flags().has(java.lang.reflect.AccessFlag.INTERFACE);
    }

    /** What the call does; null where it is best left as it is. */
    private Body body(InvokeDynamicInstruction call) {
        DirectMethodHandleDesc maker = call.bootstrapMethod();
        List<ConstantDesc> arguments = call.bootstrapArgs();
        return switch (maker.owner().displayName() + "." + maker.methodName()) {
            case "SwitchBootstraps.typeSwitch" ->
                arguments.stream().allMatch(ClassDesc.class::isInstance)
                        ? code -> typeSwitch(
                                code,
                                arguments.stream().map(ClassDesc.class::cast).toList())
                        : null;
            case "ObjectMethods.bootstrap" -> {
                List<DirectMethodHandleDesc> fields = arguments.stream()
                        .skip(2)
                        .map(DirectMethodHandleDesc.class::cast)
                        .toList();
                yield switch (call.name().stringValue()) {
                    case "equals" -> code -> equals(code, fields);
                    case "hashCode" -> code -> hashCode(code, fields);
                    default -> code -> toString(code, (String) arguments.get(1), fields);
                };
            }
            default -> null;
        };
    }

    /** As of SwitchBootstraps.typeSwitch: the first label from the second argument on that fits the first argument. */
    private static void typeSwitch(CodeBuilder code, List<ClassDesc> labels) {
        Label there = code.newLabel();
        code.aload(0).ifnonnull(there).iconst_m1().ireturn().labelBinding(there);
        for (int i = 0; i < labels.size(); i++) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf(labels.get(i)).ifeq(next);
            code.loadConstant(i).ireturn().labelBinding(next);
        }
        code.loadConstant(labels.size()).ireturn();
    }

    private void equals(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
        Label other = code.newLabel();
        Label different = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
        code.aload(1).instanceOf(self).ifeq(different);
        code.aload(1).checkcast(self).astore(2);
        for (DirectMethodHandleDesc field : fields) {
            ClassDesc type = type(field);
            load(code, 0, field);
            load(code, 2, field);
            switch (TypeKind.from(type)) {
                case BOOLEAN, BYTE, CHAR, SHORT, INT -> code.if_icmpne(different);
                case LONG -> code.lcmp().ifne(different);
                case FLOAT, DOUBLE ->
                    code.invokestatic(wrapper(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type))
                            .ifne(different);
                case REFERENCE, VOID ->
                    code.invokestatic(
                                    OBJECTS,
                                    "equals",
                                    MethodTypeDesc.of(
                                            ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                            .ifeq(different);
            }
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    private static void hashCode(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
        code.iconst_0();
        for (DirectMethodHandleDesc field : fields) {
            ClassDesc type = type(field);
            code.bipush(31).imul();
            load(code, 0, field);
            if (type.isPrimitive()) {
                code.invokestatic(wrapper(type), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, type));
            } else {
                code.invokestatic(
                        OBJECTS, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object));
            }
            code.iadd();
        }
        code.ireturn();
    }

    private void toString(CodeBuilder code, String names, List<DirectMethodHandleDesc> fields) {
        String[] name = names.split(";");
        code.new_(BUILDER).dup().invokespecial(BUILDER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
        code.loadConstant(self)
                .invokevirtual(ConstantDescs.CD_Class, "getSimpleName", MethodTypeDesc.of(ConstantDescs.CD_String));
        append(code, ConstantDescs.CD_String);
        for (int i = 0; i < fields.size(); i++) {
            code.loadConstant((i == 0 ? "[" : ", ") + name[i] + "=");
            append(code, ConstantDescs.CD_String);
            load(code, 0, fields.get(i));
            ClassDesc type = type(fields.get(i));
            append(
                    code,
                    switch (TypeKind.from(type)) {
                        case BYTE, SHORT -> ConstantDescs.CD_int;
                        case REFERENCE, VOID -> ConstantDescs.CD_Object;
                        case BOOLEAN, CHAR, INT, LONG, FLOAT, DOUBLE -> type;
                    });
        }
        code.loadConstant(fields.isEmpty() ? "[]" : "]");
        append(code, ConstantDescs.CD_String);
        code.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(ConstantDescs.CD_String))
                .areturn();
    }

    private static void append(CodeBuilder code, ClassDesc type) {
        code.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, type));
    }

    private static void load(CodeBuilder code, int slot, DirectMethodHandleDesc field) {
        code.aload(slot).getfield(field.owner(), field.methodName(), type(field));
    }

    private static ClassDesc type(DirectMethodHandleDesc field) {
        return field.invocationType().returnType();
    }

    private static ClassDesc wrapper(ClassDesc primitive) {
        return switch (TypeKind.from(primitive)) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case BYTE -> ConstantDescs.CD_Byte;
            case CHAR -> ConstantDescs.CD_Character;
            case SHORT -> ConstantDescs.CD_Short;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            case FLOAT -> ConstantDescs.CD_Float;
            case DOUBLE -> ConstantDescs.CD_Double;
            case REFERENCE, VOID -> throw new IllegalArgumentException(primitive.descriptorString());
        };
    }
}
