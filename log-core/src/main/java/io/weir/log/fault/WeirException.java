package io.weir.log.fault;

import org.jspecify.annotations.Nullable;

/// A failure in the user's words: which thing, which rule, what it got, the fix if known.
///
/// The message is one sentence or two that can be shown as it is: `Topic 'orders': retention must be positive,
/// got -1.` Doors translate library exceptions into this type at one place and keep the cause.
public class WeirException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final Whose whose;
    private final int status;

    /// @param code stable, kebab case, unique in Weir; becomes the problem type `/problems/<code>`
    /// @param whose who has to act; gives the HTTP status: USER 400, EXTERNAL 503, INTERNAL 500
    public WeirException(String code, Whose whose, String message) {
        this(code, whose, defaultStatus(whose), message, null);
    }

    public WeirException(String code, Whose whose, String message, @Nullable Throwable cause) {
        this(code, whose, defaultStatus(whose), message, cause);
    }

    /// @param status the HTTP status, where the default of `whose` is too coarse: 404, 409, 422 ...
    public WeirException(String code, Whose whose, int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.whose = whose;
        this.status = status;
    }

    /// A name that does not exist: USER, status 404.
    public static WeirException notFound(String code, String message) {
        return new WeirException(code, Whose.USER, 404, message, null);
    }

    /// A request that contradicts the present state: USER, status 409.
    public static WeirException conflict(String code, String message) {
        return new WeirException(code, Whose.USER, 409, message, null);
    }

    public String code() {
        return code;
    }

    public Whose whose() {
        return whose;
    }

    public int status() {
        return status;
    }

    private static int defaultStatus(Whose whose) {
        return switch (whose) {
            case USER -> 400;
            case EXTERNAL -> 503;
            case INTERNAL -> 500;
        };
    }
}
