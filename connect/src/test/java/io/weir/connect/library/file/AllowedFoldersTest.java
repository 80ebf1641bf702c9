package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A path counts by where it really leads.
class AllowedFoldersTest {
    @TempDir
    Path root;

    private Path inside;
    private Path outside;
    private AllowedFolders allowed;

    @BeforeEach
    void twoFolders() throws IOException {
        inside = Files.createDirectory(root.resolve("inside"));
        outside = Files.createDirectory(root.resolve("outside"));
        Files.writeString(inside.resolve("a.txt"), "a");
        Files.writeString(outside.resolve("secret.txt"), "s");
        allowed = AllowedFolders.of(List.of(inside));
    }

    @Test
    void aFileInAnAllowedFolderIsFound() {
        assertThat(allowed.existing(inside.resolve("a.txt").toString())).isEqualTo(inside.resolve("a.txt"));
    }

    @Test
    void aPathOutsideIsRefusedWithPathRuleAndFix() {
        assertThatThrownBy(() -> allowed.existing(outside.resolve("secret.txt").toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Path '" + outside.resolve("secret.txt") + "'")
                .hasMessageContaining("must lead into an allowed folder (" + inside + ")")
                .hasMessageContaining("'weir.connect.files.allowed'");
    }

    @Test
    void aSymbolicLinkOutOfTheFolderIsRefused() throws IOException {
        Path file = Files.createSymbolicLink(inside.resolve("link.txt"), outside.resolve("secret.txt"));
        Path folder = Files.createSymbolicLink(inside.resolve("link"), outside);

        assertThatThrownBy(() -> allowed.existing(file.toString())).hasMessageContaining("allowed folder");
        assertThatThrownBy(() -> allowed.existing(folder.resolve("secret.txt").toString()))
                .hasMessageContaining("allowed folder");
        assertThatThrownBy(() -> allowed.creatable(folder.resolve("new/deep").toString()))
                .hasMessageContaining("allowed folder");
        assertThatThrownBy(() -> new Glob(inside + "/*.txt", allowed).files()).hasMessageContaining("allowed folder");
    }

    @Test
    void anAllowedFolderMayItselfBeALink() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), inside);
        AllowedFolders byLink = AllowedFolders.of(List.of(link));

        assertThat(byLink.existing(link.resolve("a.txt").toString())).isEqualTo(inside.resolve("a.txt"));
        assertThat(new Glob(link + "/*.txt", byLink).files()).containsExactly(inside.resolve("a.txt"));
    }

    @Test
    void dotsAreRefusedEvenWhenTheyStayInside() {
        assertThatThrownBy(() -> allowed.existing(inside + "/../inside/a.txt")).hasMessageContaining("'..'");
        assertThatThrownBy(() -> allowed.creatable(inside + "/x/..")).hasMessageContaining("'..'");
        assertThatThrownBy(() -> new Glob(inside + "/../*/a.txt", allowed).files())
                .hasMessageContaining("'..'");
    }

    @Test
    void aRelativePathIsRefused() {
        assertThatThrownBy(() -> allowed.existing("a.txt")).hasMessageContaining("must be absolute");
        assertThatThrownBy(() -> new Glob("*.txt", allowed).files()).hasMessageContaining("must be absolute");
    }

    @Test
    void anAnswerDoesNotTellWhetherAForbiddenFileExists() {
        String there = message(outside.resolve("secret.txt")).replace("secret.txt", "X");
        String absent = message(outside.resolve("absent.txt")).replace("absent.txt", "X");

        assertThat(absent).isEqualTo(there);
    }

    @Test
    void withoutTheSettingNoFolderIsAllowed() {
        AllowedFolders none = AllowedFolders.of(List.of());

        assertThatThrownBy(() -> none.existing(inside.resolve("a.txt").toString()))
                .hasMessageContaining("'weir.connect.files.allowed' is not set");
    }

    @Test
    void aNeighbourWhoseNameOnlyStartsAlikeIsOutside() throws IOException {
        Path neighbour = Files.createDirectory(root.resolve("inside2"));

        assertThatThrownBy(() -> allowed.creatable(neighbour.resolve("x").toString()))
                .hasMessageContaining("allowed folder");
    }

    private String message(Path path) {
        try {
            return allowed.existing(path.toString()).toString();
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }
}
