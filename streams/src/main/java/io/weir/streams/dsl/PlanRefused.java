package io.weir.streams.dsl;

/// A job that cannot become a plan, told before anything runs: `Stage 'clicks.where': ...`.
public class PlanRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operator;
    private final String rule;

    /// @param operator path of the stage that breaks the rule; the job's name when no stage is to blame
    /// @param rule short stable name of the rule, kebab case: `equal-paths`, `unknown-field`
    /// @param explanation what is wrong and how to mend it, without the operator's name
    public PlanRefused(String operator, String rule, String explanation) {
        super("Stage '" + operator + "': " + explanation);
        this.operator = operator;
        this.rule = rule;
    }

    public String operator() {
        return operator;
    }

    public String rule() {
        return rule;
    }
}
