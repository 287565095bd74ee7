import { freePort } from "./free-port.mjs";
import { createLab } from "./lab.mjs";
import { removeLeftovers } from "./leftovers.mjs";
import { DATA_DIR, LOG_DIR, makeDataDirs } from "./paths.mjs";
import { announce, bold, dim, step, UserError } from "./progress.mjs";
import { readRunRecord, takeLock } from "./run-record.mjs";
import { newSignInLink } from "./sign-in.mjs";
import { stopSignal } from "./stop-signals.mjs";

const PORT_DEFAULT = 3000;

/**
 * The whole life of `npm run up` and `npm run dev`: one at a time per data folder, leftovers of a crash first, then
 * `prepare()` (which answers the agent's mode), start, one link, and an orderly end. `onStarted(lab)` may add to it.
 * Resolves with the exit code.
 */
export async function runLab({ variant, prepare, onStarted = () => {} }) {
  makeDataDirs();
  const lock = await takeLock();
  if (lock === null) return showRunning();
  let lab = null;
  const stopped = stopSignal(() => lab?.kill());
  const mode = await unlessStopped(stopped, prepare());
  if (mode === null) return 0;
  await cleanUpAfterCrash();
  const host = process.env.HOST ?? "127.0.0.1";
  lab = createLab({ mode, host, port: await choosePort(host), variant });
  try {
    const link = await unlessStopped(stopped, lab.start());
    if (link !== null) {
      onStarted(lab);
      showLink(link);
      await stopped;
    }
  } finally {
    console.log("");
    await lab.stop();
    lock.release();
  }
  return 0;
}

/** What `work` resolves to, or null when the user wants to stop first. */
const unlessStopped = (stopped, work) => Promise.race([work, stopped.then(() => null)]);

async function showRunning() {
  const record = readRunRecord();
  console.log(`vpclab already runs here${record?.up ? ` (process ${record.up.pid})` : ""}${record?.url ? ` at ${record.url}` : ""}.`);
  if (record?.url) console.log(`\n  ${bold(await newSignInLink())}\n`);
  return 0;
}

/** A killed `up` may have left server and agent behind, and they hold the database and the sandbox. */
async function cleanUpAfterCrash() {
  const record = readRunRecord();
  if (record === null) return;
  await step("Cleaning up after the last run, which was cut off", async () => {
    const removed = await removeLeftovers();
    return removed.length > 0 ? removed.join(", ") : "nothing was left";
  });
}

async function choosePort(host) {
  const wanted = Number(process.env.PORT ?? PORT_DEFAULT);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) throw new UserError(`PORT is ${process.env.PORT}: give a number from 1 to 65535.`);
  const port = await freePort(wanted, host);
  if (port !== wanted) announce(`Port ${wanted} is taken; using ${port}.`);
  return port;
}

function showLink(link) {
  console.log(`
  ${bold("vpclab is running.")} Open this link; it works once:

  ${bold(link)}

  ${dim(`Another link: npm run signin · Stop: Ctrl-C (the sandbox goes with it, your drawings stay)`)}
  ${dim(`Data: ${DATA_DIR} · Logs: ${LOG_DIR}`)}
`);
}
