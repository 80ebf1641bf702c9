package io.weir.streams.job.artifact;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The loaded code of one artifact: finds job classes and makes plans of them. Every way in which foreign
/// code
/// can fail comes out as a problem that names the class.
///
/// Owned by whoever opened it; not for use by several threads. User code runs with the artifact's loader as
/// context class loader.
public final class JobCode implements AutoCloseable {
    /// Above this number of classes a jar is not searched for job classes.
    private static final int MOST_SEARCHED_CLASSES = 10_000;

    private final JobJar jar;
    private final JobClassLoader loader;

    private JobCode(JobJar jar, JobClassLoader loader) {
        this.jar = jar;
        this.loader = loader;
    }

    /// Checks the jar and opens a class loader on it; no class of it runs yet.
    ///
    /// @param name how messages call the jar
    /// @param newestJava the feature release of the running Java
    public static JobCode open(String name, Path jar, int newestJava) {
        JobJar checked = JobJar.check(name, jar, newestJava);
        return new JobCode(checked, JobClassLoader.open(name, jar, StreamJob.class.getClassLoader()));
    }

    public ClassLoader classes() {
        return loader;
    }

    /// The Java release whose compiler made the jar; empty when it does not say.
    public String compiler() {
        return jar.compiler();
    }

    /// Public job classes of the jar, sorted; empty when the jar is too large to be searched.
    public List<String> jobClasses() {
        if (jar.classNames().size() > MOST_SEARCHED_CLASSES) {
            return List.of();
        }
        return jar.classNames().stream().filter(this::isJob).sorted().toList();
    }

    /// The class to run: the given one, or the only job class of the jar.
    ///
    /// @throws WeirException `artifact-class-missing` when none is given and the jar does not have exactly
    ///     one
    public String chooseClass(@Nullable String given) {
        if (given != null && !given.isBlank()) {
            return given;
        }
        List<String> found = jobClasses();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw refusal(
                "artifact-class-missing",
                found.isEmpty()
                        ? "Jar: holds no public class that implements StreamJob."
                        : "Jar: holds several job classes, say which one: class = " + String.join(" | ", found) + ".",
                null);
    }

    /// Makes the job and asks it for its plan.
    ///
    /// @throws WeirException `artifact-class-missing`, `not-a-job`, `job-constructor`, `job-definition`, or
    ///     the
    ///     plan's own refusal, see [PlanRefusals]
    public Plan plan(String job, String className) {
        Class<? extends StreamJob> type = find(className);
        return asJob(() -> PlanRefusals.translate(job, className, () -> Plan.of(job, instantiate(type))));
    }

    @Override
    public void close() {
        loader.close();
    }

    private Class<? extends StreamJob> find(String className) {
        Class<?> type;
        try {
            type = Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw refusal(
                    "artifact-class-missing",
                    "Class '" + className + "': is not in the jar." + others(className),
                    null);
        } catch (LinkageError e) {
            throw unloadable(className, e);
        }
        if (!StreamJob.class.isAssignableFrom(type)) {
            throw refusal(
                    "not-a-job",
                    "Class '" + className + "': must implement " + StreamJob.class.getName() + "." + others(className),
                    null);
        }
        return type.asSubclass(StreamJob.class);
    }

    private String others(String className) {
        List<String> found = jobClasses();
        if (found.isEmpty()) {
            return " No class of the jar implements StreamJob.";
        }
        String hint = NearestName.hint(found, className);
        return hint.isEmpty() ? " Job classes in the jar: " + String.join(", ", found) + "." : hint;
    }

    private static StreamJob instantiate(Class<? extends StreamJob> type) {
        String name = type.getName();
        if (Modifier.isAbstract(type.getModifiers())) {
            throw refusal("not-a-job", "Class '" + name + "': must not be abstract.", null);
        }
        try {
            Constructor<? extends StreamJob> constructor = type.getConstructor();
            return constructor.newInstance();
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw refusal(
                    "not-a-job",
                    "Class '" + name + "': needs to be public and to have a public constructor without parameters.",
                    null);
        } catch (InvocationTargetException e) {
            throw refusal(
                    "job-constructor", "Class '" + name + "': its constructor failed: " + e.getCause() + ".", null);
        } catch (InstantiationException e) {
            throw refusal("not-a-job", "Class '" + name + "': cannot be instantiated.", null);
        } catch (LinkageError e) {
            throw unloadable(name, e);
        }
    }

    private boolean isJob(String className) {
        try {
            Class<?> type = Class.forName(className, false, loader);
            return StreamJob.class.isAssignableFrom(type)
                    && Modifier.isPublic(type.getModifiers())
                    && !Modifier.isAbstract(type.getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private <T> T asJob(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    static WeirException unloadable(String className, LinkageError e) {
        return refusal(
                "job-not-loadable",
                "Class '" + className + "': cannot be loaded: " + e
                        + ". A job sees the JDK, the streams API, Kafka's clients and its own jar: bundle what else it"
                        + " needs.",
                null);
    }

    private static WeirException refusal(String code, String message, @Nullable Throwable cause) {
        return new WeirException(code, Whose.USER, 422, message, cause);
    }
}
