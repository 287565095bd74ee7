import { removeLeftovers } from "./lib/leftovers.mjs";
import { isAlive, signalProcess, waitUntilGone } from "./lib/process-identity.mjs";
import { main, UserError } from "./lib/progress.mjs";
import { readRunRecord } from "./lib/run-record.mjs";

/** Agent and server get this long together when `up` stops them in order. */
const ORDERLY_STOP_MS = 60_000;

await main(async () => {
  const up = readRunRecord()?.up;
  if (up && isAlive(up)) {
    console.log(`Stopping vpclab (process ${up.pid}) …`);
    try {
      signalProcess(up, "SIGTERM");
    } catch (error) {
      if (error.code === "EPERM") throw new UserError(`It was started by another user. Run: sudo npm run down`);
      throw error;
    }
    if (!(await waitUntilGone(up, ORDERLY_STOP_MS))) signalProcess(up, "SIGKILL");
    console.log("Stopped.");
  }
  const removed = await removeLeftovers();
  console.log(removed.length === 0 ? "Nothing was left over." : `Removed:\n${removed.map((line) => `  ${line}`).join("\n")}`);
});
