package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.cluster.KnownSettings;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of settings and the settings that the node knows are the same.
class SettingsPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(weir\\.[^`]+)` \\|");

    @Test
    void everySettingStandsOnThePageAndEveryRowIsASetting() throws Exception {
        String page = Files.readString(Repository.ROOT.resolve("docs/reference/configuration.md"));

        Set<String> rows =
                ROW.matcher(page).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows).isEqualTo(known());
    }

    private static Set<String> known() throws ReflectiveOperationException {
        Set<String> names = new TreeSet<>();
        add(names, (KnownSettings)
                field("io.weir.log.wiring.LogSettings", "KNOWN").get(null));
        add(names, produced("io.weir.log.wiring.LogRestProducers", "knownRestSettings"));
        add(names, produced("io.weir.connect.wiring.ConnectSettings", "known"));
        add(names, produced("io.weir.streams.wiring.JobsProducers", "knownSettings"));
        add(names, produced("io.weir.tiered.wiring.ArchiveConfig", "known"));
        add(names, produced("io.weir.tiered.wiring.LakeConfig", "known"));
        add(names, produced("io.weir.tiered.wiring.SqlConfig", "known"));
        return names;
    }

    private static void add(Set<String> names, KnownSettings module) {
        names.addAll(module.names());
        module.openPrefixes().forEach(prefix -> names.add(prefix + "*"));
    }

    private static Field field(String type, String name) throws ReflectiveOperationException {
        Field field = Class.forName(type).getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /// What a static method, or a method of an instance without dependencies, tells.
    private static KnownSettings produced(String type, String name) throws ReflectiveOperationException {
        Class<?> owner = Class.forName(type);
        Method method = owner.getDeclaredMethod(name);
        method.setAccessible(true);
        if (java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
            return (KnownSettings) method.invoke(null);
        }
        Constructor<?> constructor = owner.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (KnownSettings) method.invoke(constructor.newInstance());
    }
}
