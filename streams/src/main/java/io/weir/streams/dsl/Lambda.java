package io.weir.streams.dsl;

import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// What can be known about a lambda or method reference of a job: whether it names a component of a record,
/// what type it gives, and which bytecode it runs.
final class Lambda {
    private final Serializable code;
    private final @Nullable SerializedLambda form;

    private Lambda(Serializable code, @Nullable SerializedLambda form) {
        this.code = code;
        this.form = form;
    }

    /// Any object will do; one that is no lambda is an instance of a class, and opaque.
    static Lambda of(Serializable code) {
        try {
            Method writeReplace = code.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return new Lambda(code, writeReplace.invoke(code) instanceof SerializedLambda form ? form : null);
        } catch (NoSuchMethodException noLambda) {
            return new Lambda(code, null);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("A lambda of " + code.getClass() + " does not show its method.", e);
        }
    }

    @SuppressWarnings("unchecked") // a column only ever meets rows of the stream it was written for
    static Column<Object, @Nullable Object> erased(Column<?, ?> column) {
        return (Column<Object, @Nullable Object>) column;
    }

    /// A [Field] if the code is a reference to a component of the row, else [Opaque].
    Expr expr(RowType row) {
        if (form != null && code instanceof Column<?, ?> column && namesComponentOf(form, row)) {
            return new Field(form.getImplMethodName(), erased(column));
        }
        return opaque();
    }

    /// The method that is named, `Class::method`; empty for a lambda and for an object of a class.
    String reference() {
        if (form == null || form.getImplMethodName().startsWith("lambda$")) {
            return "";
        }
        String type = form.getImplClass();
        String name = form.getImplMethodName();
        return type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1) + "::"
                + (name.equals("<init>") ? "new" : name);
    }

    Opaque opaque() {
        return new Opaque(form == null ? Bytecode.fingerprint(code) : Bytecode.fingerprint(form, loader()), code);
    }

    /// The class of what the code gives, boxed; `Object` where the compiler has not told.
    Class<?> resultType() {
        return form == null ? resultOfClass() : resultOfForm(form);
    }

    /// Whether the code can never give null.
    boolean givesPrimitive() {
        return form != null
                && MethodType.fromMethodDescriptorString(form.getImplMethodSignature(), loader())
                        .returnType()
                        .isPrimitive();
    }

    private Class<?> resultOfForm(SerializedLambda lambda) {
        Class<?> told = boxed(MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader())
                .returnType());
        Class<?> method = boxed(MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader())
                .returnType());
        return told.isAssignableFrom(method) ? method : told;
    }

    private Class<?> resultOfClass() {
        for (Method method : code.getClass().getDeclaredMethods()) {
            boolean single = method.getName().equals("of") || method.getName().equals("join");
            if (single && !method.isBridge() && !method.isSynthetic()) {
                return boxed(method.getReturnType());
            }
        }
        return Object.class;
    }

    private @Nullable ClassLoader loader() {
        return code.getClass().getClassLoader();
    }

    private static boolean namesComponentOf(SerializedLambda form, RowType row) {
        Class<?> type = row.javaClass();
        if (!type.isRecord()
                || form.getCapturedArgCount() != 0
                || !form.getImplClass().equals(type.getName().replace('.', '/'))) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getName().equals(form.getImplMethodName())
                    && form.getImplMethodSignature().startsWith("()")) {
                return true;
            }
        }
        return false;
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }
}
