import type { CancelAnswer } from "@vpclab/shared/wire/api";
import type { Action } from "../command-spec";

const WORDS: Record<CancelAnswer["outcome"], string> = {
  stopping: "The host stops after the step that is under way. What is done stays; the next apply goes on.",
  withdrawn: "It had not begun, and will not. The host stays as it is.",
  waiting: "The host is not connected. It is told as soon as it is.",
  over: "There is nothing to cancel: no apply is under way.",
};

/** Ends the apply of a topology that is under way, or waits for its host. */
export const cancel: Action = async (session) => {
  const { out, topology, options } = session;
  const lab = await session.lab();
  if (options.dryRun) {
    await lab.read(topology);
    const isApplying = (await lab.list()).some(({ name, state }) => name === topology && state === "applying");
    out.value({ dryRun: true, topology, applying: isApplying });
    out.done(isApplying ? "An apply is under way; it would be stopped." : WORDS.over);
    return;
  }
  const outcome = await lab.cancel(topology);
  out.value({ topology, outcome });
  out.done(WORDS[outcome]);
};
