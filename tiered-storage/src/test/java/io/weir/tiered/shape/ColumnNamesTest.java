package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnNamesTest {
    @ParameterizedTest
    @CsvSource({
        "id,id",
        "_key,__key",
        "__KEY,___KEY",
        "_value,__value",
        "_values,_values",
        "key,key",
        "a.b,a_b",
        "'',_",
        "имя,имя",
        "_partition,__partition",
        "_log_partition,__log_partition",
        "_file,__file",
        "file,file",
        "_deleted,__deleted",
        "_row_id,__row_id"
    })
    void aNameOfAFixedColumnGetsOneMoreUnderscore(String key, String name) {
        assertThat(ColumnNames.choose(key, ColumnType.LONG, true, false, List.of()))
                .isEqualTo(name);
    }

    @Test
    void aNestedFieldMayBeNamedLikeAFixedColumn() {
        assertThat(ColumnNames.choose("_key", ColumnType.LONG, false, false, List.of()))
                .isEqualTo("_key");
    }

    @Test
    void namesThatDifferOnlyInCaseAreNumbered() {
        List<Column> siblings = List.of(column("id", "id"), column("ID__2", "ID"));

        assertThat(ColumnNames.choose("Id", ColumnType.LONG, true, false, siblings))
                .isEqualTo("Id__3");
    }

    @Test
    void anotherTypeOfTheSameKeyGetsItsOwnColumn() {
        List<Column> siblings = List.of(column("price", "price"), column("_value", "_value"));

        assertThat(ColumnNames.choose("price", ColumnType.STRING, true, false, siblings))
                .isEqualTo("price__str");
        assertThat(ColumnNames.choose("price", ColumnType.DOUBLE, true, false, siblings))
                .isEqualTo("price__dbl");
        assertThat(ColumnNames.choose("_value", ColumnType.STRING, true, true, siblings))
                .isEqualTo("_value__str");
        assertThat(ColumnNames.choose("_value", ColumnType.STRING, true, false, siblings))
                .isEqualTo("__value");
    }

    private static Column column(String name, String source) {
        return new Column(1, name, source, ColumnType.LONG);
    }
}
