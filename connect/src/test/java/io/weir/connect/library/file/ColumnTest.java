package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTest {
    @Test
    void aColumnIsNamedByItsLastNameOrAsItIsTold() {
        assertThat(Column.parse(List.of("key", "key.a.b", "value.c as d", " offset ")))
                .containsExactly(
                        new Column(Column.Source.KEY, "", "key"),
                        new Column(Column.Source.KEY, "a.b", "b"),
                        new Column(Column.Source.VALUE, "c", "d"),
                        new Column(Column.Source.OFFSET, "", "offset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "keys.a", "key.", "value.a b", "value.a as", "offset.x"})
    void whatIsNoColumnIsRefusedWithTheForms(String entry) {
        assertThatThrownBy(() -> Column.parse(List.of(entry)))
                .hasMessageContaining("'value.<field>'")
                .hasMessageContaining("got '" + entry.strip() + "'");
    }

    @Test
    void twoColumnsOfOneNameAreRefusedWithTheFix() {
        assertThatThrownBy(() -> Column.parse(List.of("key.id", "value.id")))
                .hasMessageContaining("got 'id' twice")
                .hasMessageContaining("value.id as <name>");
    }
}
