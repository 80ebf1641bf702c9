package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.BankTransfers.Balance;
import io.weir.examples.BankTransfers.Transfer;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import org.junit.jupiter.api.Test;

class BankTransfersTest {
    @Test
    void aTransferMovesBothBalancesOrNone() {
        try (StreamScenario scenario = StreamScenario.of(new BankTransfers())) {
            scenario.send("transfers", "north", new Transfer("north", "ann", "bob", 300))
                    .send("transfers", "north", new Transfer("north", "bob", "cid", 1_301))
                    .send("transfers", "north", new Transfer("north", "bob", "cid", 1_300))
                    .send("transfers", "north", new Transfer("north", "ann", "ann", 1))
                    .send("transfers", "north", new Transfer("north", "ann", "bob", -5))
                    .send("transfers", "south", new Transfer("north", "ann", "bob", 5));

            assertThat(scenario.read("balances", Balance.class))
                    .extracting(Row::row)
                    .containsExactly(
                            new Balance("ann", 700),
                            new Balance("bob", 1_300),
                            new Balance("bob", 0),
                            new Balance("cid", 2_300));
            assertThat(scenario.dlq()).as("a key that is not the branch").hasSize(1);
        }
    }
}
