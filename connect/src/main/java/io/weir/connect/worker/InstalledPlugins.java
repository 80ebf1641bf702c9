package io.weir.connect.worker;

import io.weir.log.fault.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.runtime.isolation.PluginDesc;
import org.apache.kafka.connect.runtime.isolation.PluginType;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.entities.PluginInfo;

/// The plugins that this worker has found, by every name that a configuration may use for them: the class, its
/// simple name, and that without `Connector`, `Converter` or `Transformation`.
final class InstalledPlugins {
    private static final List<String> KIND_SUFFIXES =
            List.of("Connector", "HeaderConverter", "Converter", "Transformation", "Predicate");

    private final Plugins plugins;
    private final Set<PluginInfo> all;

    private InstalledPlugins(Plugins plugins, Set<PluginInfo> all) {
        this.plugins = plugins;
        this.all = all;
    }

    static InstalledPlugins of(Plugins plugins) {
        Map<PluginInfo, PluginInfo> all = new LinkedHashMap<>();
        addAll(plugins.sinkConnectors(), all);
        addAll(plugins.sourceConnectors(), all);
        addAll(plugins.transformations(), all);
        addAll(plugins.predicates(), all);
        addAll(plugins.converters(), all);
        addAll(plugins.headerConverters(), all);
        return new InstalledPlugins(plugins, all.keySet());
    }

    private static <T> void addAll(Collection<PluginDesc<T>> found, Map<PluginInfo, PluginInfo> all) {
        found.stream().map(PluginInfo::new).forEach(plugin -> all.putIfAbsent(plugin, plugin));
    }

    /// Sinks and sources.
    List<PluginInfo> connectors() {
        return all.stream().filter(InstalledPlugins::isConnector).toList();
    }

    /// Every kind.
    List<PluginInfo> everything() {
        return List.copyOf(all);
    }

    boolean has(String nameOrAlias) {
        return all.stream().anyMatch(plugin -> names(plugin).contains(nameOrAlias));
    }

    /// Also true for a connector on the application's class path that has no manifest.
    boolean hasConnector(String nameOrAlias) {
        if (connectors().stream().anyMatch(plugin -> names(plugin).contains(nameOrAlias))) {
            return true;
        }
        try {
            return Connector.class.isAssignableFrom(plugins.pluginClass(nameOrAlias));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /// `Connector plugin 'FileSorce': not installed ... Did you mean 'FileSource'? Installed: ...`
    String unknownConnector(String name) {
        Set<String> names = connectors().stream()
                .flatMap(plugin -> names(plugin).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        String installed =
                connectors().stream().map(PluginInfo::className).sorted().collect(Collectors.joining(", "));
        return "Connector plugin '" + name + "': is not installed on this worker." + NearestName.hint(names, name)
                + " Installed: " + (installed.isEmpty() ? "none" : installed) + ".";
    }

    /// The same for a plugin of any kind.
    String unknownPlugin(String name) {
        Set<String> names =
                all.stream().flatMap(plugin -> names(plugin).stream()).collect(Collectors.toCollection(TreeSet::new));
        return "Unknown plugin " + name + "." + NearestName.hint(names, name)
                + " GET /connector-plugins?connectorsOnly=false lists what is installed.";
    }

    private static boolean isConnector(PluginInfo plugin) {
        return plugin.type() == PluginType.SINK || plugin.type() == PluginType.SOURCE;
    }

    private static Set<String> names(PluginInfo plugin) {
        String className = plugin.className();
        String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        List<String> names = new ArrayList<>(List.of(className, simple));
        Stream.of(simple)
                .flatMap(name -> KIND_SUFFIXES.stream()
                        .filter(suffix -> name.endsWith(suffix) && name.length() > suffix.length())
                        .map(suffix -> name.substring(0, name.length() - suffix.length())))
                .forEach(names::add);
        return Set.copyOf(names);
    }
}
