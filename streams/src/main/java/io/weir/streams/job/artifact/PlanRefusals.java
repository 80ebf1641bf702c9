package io.weir.streams.job.artifact;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import java.util.function.Supplier;

/// The one place where what goes wrong while a job describes itself becomes a problem. The causes are not kept:
/// they would hold on to the job's class loader.
final class PlanRefusals {
    private PlanRefusals() {}

    /// @throws WeirException `plan-refused` with the operator's path and the rule, `job-not-loadable`, or
    ///     `job-definition` when the job's own code has thrown
    static Plan translate(String job, String className, Supplier<Plan> plan) {
        try {
            return plan.get();
        } catch (WeirException e) {
            throw e;
        } catch (PlanRefused e) {
            throw new WeirException(
                    "plan-refused",
                    Whose.USER,
                    422,
                    "Job '" + job + "': its plan breaks the rule " + e.rule() + ". " + e.getMessage(),
                    null);
        } catch (LinkageError e) {
            throw JobCode.unloadable(className, e);
        } catch (RuntimeException e) {
            throw new WeirException(
                    "job-definition",
                    Whose.USER,
                    422,
                    "Class '" + className + "': define failed: " + e + at(className, e) + ".",
                    null);
        }
    }

    private static String at(String className, RuntimeException e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().equals(className)) {
                return " at " + frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "";
    }
}
