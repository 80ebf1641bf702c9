package io.weir.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/// Predicates over classes that the rules share.
final class JavaClasses {
    private JavaClasses() {}

    static DescribedPredicate<JavaClass> outside(String packageIdentifier) {
        return not(resideInAPackage(packageIdentifier));
    }

    /// Classes with one of these simple names; a nested class counts by its outermost one.
    static DescribedPredicate<JavaClass> named(String... simpleNames) {
        Set<String> names = Set.of(simpleNames);
        return describe(
                "are named " + names, type -> names.contains(outermost(type).getSimpleName()));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return base.getEnclosingClass().map(JavaClasses::outermost).orElse(base);
    }
}
