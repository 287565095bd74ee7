import { StageInput } from "@vpclab/shared/wire/stage";
import { audienceProcedure } from "../../trpc";
import type { Context } from "../../trpc";

/** The topology of a link and what its host reports, as it happens. */
export const stageDrawing = audienceProcedure.input(StageInput).subscription(async function* ({ ctx, input, signal }) {
  const close = ctx.connection?.openSubscription();
  try {
    yield* ctx.services.stages.drawing(input.token, optionsOf(ctx, signal));
  } finally {
    close?.();
  }
});

/** Where the presenter is on it. */
export const stagePresenter = audienceProcedure.input(StageInput).subscription(async function* ({ ctx, input, signal }) {
  const close = ctx.connection?.openSubscription();
  try {
    yield* ctx.services.stages.presenter(input.token, optionsOf(ctx, signal));
  } finally {
    close?.();
  }
});

const optionsOf = ({ client, connection }: Context, signal: AbortSignal | undefined) => ({
  signal: signal ?? new AbortController().signal, ip: client.ip, bufferedBytes: () => connection?.bufferedBytes() ?? 0,
});
