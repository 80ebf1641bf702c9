package io.weir.tiered.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/// Turns what Hadoop's file systems throw into failures that name the object, the rule and the setting to look at,
/// and that say no secret.
final class StoreFailures {
    /// Named by text: hadoop-aws is on the class path of the node, not of this module's compiler.
    private static final Set<String> NO_SUCH_STORE = Set.of("UnknownStoreException");

    private static final Set<String> UNREACHABLE =
            Set.of("ConnectTimeoutException", "HttpHostConnectException", "ConnectionPoolTimeoutException");

    private final URI root;
    private final Secrets secrets;
    private final @Nullable String endpoint;

    StoreFailures(URI root, Map<String, String> settings) {
        this.root = root;
        this.secrets = new Secrets(settings);
        this.endpoint = settings.get("fs.s3a.endpoint");
    }

    /// @param verb what was asked of the store
    /// @param address of the object
    IOException of(String verb, String address, IOException failure) {
        if (failure instanceof FileNotFoundException) {
            return new ObjectNotFoundException(address, shown(failure));
        }
        String said = "Object '" + address + "': " + verb;
        String reason = secrets.hidden(lastLine(failure));
        if (has(failure, AccessDeniedException.class) || has(failure, AccessControlException.class)) {
            return new StoreRefusedException(
                    said + " was refused. The store must accept the credentials and allow this; check "
                            + credentialSettings() + ". It said: " + reason,
                    shown(failure));
        }
        if (named(failure, NO_SUCH_STORE)) {
            return new StoreRefusedException(
                    said + " failed: '" + root.getScheme() + "://" + root.getHost()
                            + "' must exist. Create the bucket, or name another in weir.archive.uri.",
                    shown(failure));
        }
        if (isUnreachable(failure)) {
            return new IOException(
                    said + " failed: the store" + where() + " must answer and cannot be reached. Check "
                            + addressSettings() + " and the network. It said: " + reason,
                    shown(failure));
        }
        return new IOException(said + " failed: " + reason, shown(failure));
    }

    /// The failure itself, for the log; null when it says a secret somewhere.
    @Nullable
    Throwable shown(Throwable failure) {
        return secrets.isSaidBy(failure) ? null : failure;
    }

    String hidden(@Nullable String text) {
        return secrets.hidden(text);
    }

    private String where() {
        return endpoint == null ? "" : " at '" + endpoint + "'";
    }

    private String credentialSettings() {
        return "s3a".equals(root.getScheme())
                ? "weir.archive.hadoop.fs.s3a.access.key and weir.archive.hadoop.fs.s3a.secret.key (or"
                        + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment)"
                : "the permissions of the folder in weir.archive.uri";
    }

    private String addressSettings() {
        return "s3a".equals(root.getScheme()) ? "weir.archive.hadoop.fs.s3a.endpoint" : "weir.archive.uri";
    }

    static boolean isUnreachable(Throwable failure) {
        return has(failure, ConnectException.class)
                || has(failure, UnknownHostException.class)
                || has(failure, NoRouteToHostException.class)
                || has(failure, SocketTimeoutException.class)
                || named(failure, UNREACHABLE);
    }

    private static boolean has(Throwable failure, Class<?> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean named(Throwable failure, Set<String> names) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (names.contains(each.getClass().getSimpleName())) {
                return true;
            }
        }
        return false;
    }

    /// Hadoop's messages repeat their causes, some over several lines: one line will do.
    private static String lastLine(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        String oneLine = message.replaceAll("\\s+", " ").trim();
        return failure.getClass().getSimpleName() + ": "
                + (oneLine.length() > 400 ? oneLine.substring(0, 400) + "..." : oneLine);
    }
}
