package io.weir.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Starts a node in the JVM of the tests, on a folder and ports of its own, and gives it to whoever takes a [WeirNode]:
/// constructors, test methods, life cycle methods.
///
/// The node is started once and serves all classes with the same settings; it ends with the JVM's tests, or when the
/// next class wants other settings. Topics and jobs stay, so give them names of their own.
///
/// ```java
/// @WeirTest
/// class RevenueIT {
///     @Test
///     void aDayOfOrdersIsOneLineAnHour(WeirNode node) {
///         node.createTopic("orders", 4);
///         node.deploy(Revenue.class);
///         ...
///     }
/// }
/// ```
///
/// It needs a built Weir: its folder is the configuration parameter `weir.home` (`-Dweir.home=/path/to/weir`) or the
/// environment variable `WEIR_HOME`.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WeirExtension.class)
public @interface WeirTest {
    /// Settings of the node, each `name=value`: `"weir.roles=controller,broker,jobs"`.
    String[] settings() default {};
}
