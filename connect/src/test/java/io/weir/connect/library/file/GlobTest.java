package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(folder.resolve("sub/deep"));
        for (String name : List.of("b.csv", "a.csv", "a10.csv", "a2.csv", "c.txt", "sub/d.csv", "sub/deep/e.csv")) {
            Files.writeString(folder.resolve(name), name);
        }
    }

    @Test
    void filesComeInTheOrderOfTheirNames() {
        assertThat(names("/*.csv")).containsExactly("a.csv", "a10.csv", "a2.csv", "b.csv");
    }

    @Test
    void patternsMeanWhatTheyMeanInAShell() {
        assertThat(names("/a?.csv")).containsExactly("a2.csv");
        assertThat(names("/[bc].*")).containsExactly("b.csv", "c.txt");
        assertThat(names("/{b,c}.*")).containsExactly("b.csv", "c.txt");
        assertThat(names("/*/*.csv")).containsExactly("sub/d.csv");
        assertThat(names("/**.csv")).contains("a.csv", "sub/d.csv", "sub/deep/e.csv");
    }

    @Test
    void aFolderWithPatternCharactersInItsNameIsReachedByEscapingThem() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("x[1]"));
        Files.writeString(odd.resolve("f.csv"), "");

        assertThat(names("/x\\[1\\]/*.csv")).containsExactly("x[1]/f.csv");
    }

    @Test
    void nothingFoundIsAnErrorThatNamesThePattern() {
        assertThatThrownBy(() -> names("/*.parquet"))
                .hasMessageContaining(folder + "/*.parquet")
                .hasMessageContaining("matches no file");
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> names("/sub")).hasMessageContaining("must be a regular file");
    }

    private List<String> names(String pattern) {
        return new Glob(folder + pattern, AllowedFolders.of(List.of(folder)))
                .files().stream()
                        .map(file -> folder.relativize(file).toString())
                        .toList();
    }
}
