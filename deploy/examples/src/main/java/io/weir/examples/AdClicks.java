package io.weir.examples;

import static io.weir.streams.dsl.Within.within;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Joins two streams: which ads were clicked within ten minutes of being shown, and which were not. An ad
/// without a click is told once no click can come any more.
public final class AdClicks implements StreamJob {
    /// One ad on one page, as it stands in topic `ads_shown`.
    public record Shown(String impression, String campaign, Instant at) {}

    /// One click, as it stands in topic `ads_clicked`.
    public record Clicked(String impression, String user, Instant at) {}

    /// One line of `ads_answered`; user and seconds are null where nobody clicked.
    public record Answered(
            String campaign,
            @Nullable String user,
            @Nullable Long seconds) {}

    @Override
    public void define(Flow flow) {
        Stream<String, Shown> shown = flow.stream("ads_shown", Shown.class).eventTime(Shown::at);
        Stream<String, Clicked> clicked =
                flow.stream("ads_clicked", Clicked.class).eventTime(Clicked::at);
        shown.keyBy(Shown::impression)
                .leftJoin(
                        clicked.keyBy(Clicked::impression),
                        within("10m").grace("1m").late("ads_late"),
                        (impression, ad, click) -> answered(ad, click))
                .to("ads_answered");
    }

    private static Answered answered(Shown ad, @Nullable Clicked click) {
        return click == null
                ? new Answered(ad.campaign(), null, null)
                : new Answered(
                        ad.campaign(),
                        click.user(),
                        click.at().getEpochSecond() - ad.at().getEpochSecond());
    }
}
