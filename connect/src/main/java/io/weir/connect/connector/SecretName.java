package io.weir.connect.connector;

import java.util.regex.Pattern;

/// Tells by its name alone whether a configuration key holds a secret: the last resort when no definition of the
/// key can be found (a plugin that does not load, a pass-through prefix).
public final class SecretName {
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|passwd|passphrase|secret|token|credential|jaas|private[._-]?key|api[._-]?key|access[._-]?key).*");

    private SecretName() {}

    /// True for `database.password`, `sasl.jaas.config`, `aws.secret.access.key`; false for `key.converter`.
    public static boolean looksSecret(String key) {
        return SECRET.matcher(key).matches();
    }
}
