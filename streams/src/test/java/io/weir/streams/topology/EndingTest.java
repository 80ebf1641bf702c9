package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static io.weir.streams.dsl.Within.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import org.junit.jupiter.api.Test;

/// Windows that feed others are closed before them.
class EndingTest {
    record Click(String user, long amount) {}

    record Total(long n) {}

    record Sum(long total) {}

    private static final StreamJob CHAINED = flow -> {
        Stream<String, Click> clicks = flow.stream("clicks", Click.class);
        clicks.join(flow.stream("views", Click.class), within("1m").grace("1m"), (key, click, view) -> click)
                .named("pairs")
                .keyBy(Click::user)
                .window(tumbling("1m").grace("1m"))
                .aggregate(Total.class, count("n"))
                .named("minutes")
                .to("minutes_out");
        clicks.window(tumbling("1h").grace("1m"))
                .aggregate(Sum.class, sum(Click::amount, "total"))
                .named("hours")
                .to("hours_out");
    };

    private static final StreamJob PLAIN =
            flow -> flow.stream("clicks", Click.class).to("copy");

    @Test
    void whatIsFedByAnotherWindowClosesAStepLater() {
        Ending ending = new Ending(Plan.of("chained", CHAINED));
        GatedProcessor pairs = processor("pairs");
        GatedProcessor minutes = processor("minutes");
        GatedProcessor hours = processor("hours");
        ending.joined(pairs);
        ending.joined(minutes);
        ending.joined(hours);

        assertThat(ending.steps()).isEqualTo(2);
        assertThat(ending.due(pairs)).isFalse();
        ending.close(1);
        assertThat(ending.due(pairs)).isTrue();
        assertThat(ending.due(hours)).isTrue();
        assertThat(ending.due(minutes)).isFalse();
        assertThat(ending.closed()).isFalse();
        ending.hasClosed(pairs);
        ending.hasClosed(hours);
        assertThat(ending.due(pairs)).as("once").isFalse();
        assertThat(ending.closed()).isTrue();
        ending.close(2);
        assertThat(ending.closed()).isFalse();
        ending.left(minutes);
        assertThat(ending.closed()).as("nobody has it here any more").isTrue();
    }

    @Test
    void aJobWithoutWindowsHasNothingToClose() {
        assertThat(new Ending(Plan.of("plain", PLAIN)).steps()).isZero();
    }

    private static GatedProcessor processor(String stage) {
        return new GatedProcessor(stage, time -> time) {
            @Override
            public void process(org.apache.kafka.streams.processor.api.Record<Object, Object> record) {}

            @Override
            void closeAll() {}
        };
    }
}
