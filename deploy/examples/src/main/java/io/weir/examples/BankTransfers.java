package io.weir.examples;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepContext;
import io.weir.streams.dsl.StepEntries;
import io.weir.streams.dsl.StepStore;
import io.weir.streams.dsl.StreamJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operator of the job's own: transfers between the accounts of a branch become balances. Both balances of a
/// transfer are written in one transaction, so whoever reads committed rows never sees money come or go.
public final class BankTransfers implements StreamJob {
    /// What an account holds before its first transfer.
    public static final long OPENING_BALANCE = 1_000;

    /// One transfer, as it stands in topic `transfers`, keyed by its branch.
    public record Transfer(String branch, String from, String to, int amount) {}

    /// One line of `balances`, keyed by account.
    public record Balance(String account, long balance) {}

    @Override
    public void define(Flow flow) {
        flow.stream("transfers", Transfer.class)
                .keyedBy(Transfer::branch)
                .through(new Booking(), String.class, Balance.class)
                .toTable("balances");
    }

    /// Books a transfer if the account that pays can.
    static final class Booking implements Step<String, Transfer, String, Balance> {
        private static final long serialVersionUID = 1L;
        private static final StepStore<String, Long> BALANCES = StepStore.of("balances", String.class, Long.class);

        @Override
        public List<StepStore<?, ?>> stores() {
            return List.of(BALANCES);
        }

        @Override
        public void row(String branch, Transfer transfer, StepContext<String, Balance> context) {
            StepEntries<String, Long> balances = context.store(BALANCES);
            long payer = orOpening(balances.get(transfer.from())) - transfer.amount();
            if (payer < 0 || transfer.amount() <= 0 || transfer.from().equals(transfer.to())) {
                return;
            }
            long payee = orOpening(balances.get(transfer.to())) + transfer.amount();
            balances.put(transfer.from(), payer);
            balances.put(transfer.to(), payee);
            context.emit(transfer.from(), new Balance(transfer.from(), payer));
            context.emit(transfer.to(), new Balance(transfer.to(), payee));
        }

        private static long orOpening(@Nullable Long balance) {
            return balance == null ? OPENING_BALANCE : balance;
        }
    }
}
